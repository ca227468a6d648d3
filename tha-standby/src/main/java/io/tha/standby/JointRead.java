package io.tha.standby;

import io.tha.coordination.DomainCut;
import io.tha.pool.ThaPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Reads standbys of several applications at one instant: of a transaction in which several of them took part, all have it, or none;
 * docs/coordination.md 5.5.
 *
 * <p>Threads: any.
 */
public final class JointRead {
    private JointRead() {}

    /**
     * Reads standbys of this process.
     *
     * @param standbys of different applications of one domain
     * @param timeout how long they may be held, and waited for
     * @param query is given their pools, in the order of the standbys, and must not keep them; the standbys are held meanwhile, so be brief
     * @throws io.tha.ThaException if one of them did not get what another one has in time, or was held by somebody else
     * @throws IllegalStateException if one cannot be read, or not any more; see {@link ThaStandby#read}
     */
    public static <T> T of(List<ThaStandby> standbys, Duration timeout, Function<List<ThaPool>, T> query) throws InterruptedException {
        List<ThaStandby> ordered = standbys.stream().sorted(Comparator.comparingInt(ThaStandby::application)).toList();
        if (ordered.stream().mapToInt(ThaStandby::application).distinct().count() < ordered.size()) {
            throw new IllegalArgumentException("two of the standbys are of the same application");
        }
        List<StandbyHold> holds = new ArrayList<>();
        try {
            // In the same order by everybody, or two would wait for each other.
            for (ThaStandby standby : ordered) {
                holds.add(standby.hold(timeout));
            }
            align(holds, timeout);
            List<StandbyHold> asGiven = standbys.stream().map(standby -> holds.get(ordered.indexOf(standby))).toList();
            return read(asGiven, new ArrayList<>(), query);
        } finally {
            holds.forEach(StandbyHold::close);
        }
    }

    /** Each within the one before, so that all are locked in the end. */
    private static <T> T read(List<StandbyHold> holds, List<ThaPool> pools, Function<List<ThaPool>, T> query) {
        if (pools.size() == holds.size()) {
            return query.apply(List.copyOf(pools));
        }
        return holds.get(pools.size()).read(pool -> {
            pools.add(pool);
            return read(holds, pools, query);
        });
    }

    /**
     * Lets standbys that are held go on until none is behind another one: the least instant that has all that they had. Those of other processes are
     * held in the order of their applications' indexes.
     *
     * @param timeout how long to wait for each
     * @throws io.tha.ThaException as {@link HeldStandby#advanceTo}
     * @throws IllegalStateException as {@link HeldStandby#advanceTo}
     */
    public static void align(List<? extends HeldStandby> held, Duration timeout) {
        List<DomainCut> cuts = new ArrayList<>(held.stream().map(HeldStandby::cut).toList());
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int i = 0; i < cuts.size(); i++) {
                int application = cuts.get(i).application();
                long needed = cuts.stream().mapToLong(cut -> cut.needs(application)).max().orElseThrow();
                if (cuts.get(i).chainEnd() < needed) {
                    held.get(i).advanceTo(needed, timeout);
                    cuts.set(i, held.get(i).cut());
                    moved = true;
                }
            }
        }
    }
}
