package io.tha.torture.coordinated;

import io.tha.coordination.DomainCut;
import io.tha.torture.Failure;
import io.tha.torture.TortureException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cuts that standbys of one application had, by how many transactions they had: in whatever process it is, a state has the same cut, and one that
 * has more needs more.
 *
 * <p>Threads: one at a time.
 */
final class CutHistory {
    private static final int MOST_KEPT = 10_000;

    private final int applications;
    private final TreeMap<Long, At> cuts = new TreeMap<>();

    /**
     * Where a standby was.
     *
     * @param count of its transactions
     * @param coordinated how many of them are coordinated ones, each of which has an entry in its chain
     * @param cut that it had
     */
    record At(long count, long coordinated, DomainCut cut) {}

    CutHistory(int applications) {
        this.applications = applications;
    }

    /**
     * Compares with those of other states.
     *
     * @throws TortureException if it cannot be right
     */
    void shows(String who, At at) {
        require(who, cuts.floorEntry(at.count), at);
        require(who, cuts.ceilingEntry(at.count), at);
        cuts.put(at.count, at);
        if (cuts.size() > MOST_KEPT) {
            cuts.pollFirstEntry();
        }
    }

    private void require(String who, Map.Entry<Long, At> known, At at) {
        if (known == null) {
            return;
        }
        At lower = known.getKey() < at.count ? known.getValue() : at;
        At upper = known.getKey() < at.count ? at : known.getValue();
        long entries = upper.cut.chainEnd() - lower.cut.chainEnd();
        boolean isRight = lower.count == upper.count ? lower.cut.equals(upper.cut) : entries >= upper.coordinated - lower.coordinated;
        for (int application = 0; application < applications; application++) {
            isRight &= lower.cut.needs(application) <= upper.cut.needs(application);
        }
        if (!isRight) {
            throw new TortureException(Failure.TORN, who + ": it is at " + at + ", and another state was at " + known.getValue());
        }
    }
}
