package io.tha.takeover;

import io.tha.Outcome;
import io.tha.coordination.DecisionFile;
import io.tha.coordination.Decisions;
import io.tha.coordination.DependencyMap;
import io.tha.follow.EpochFollower;
import io.tha.memory.CrashPoint;
import io.tha.region.ControlFile;
import java.util.Arrays;
import java.util.Comparator;

/**
 * What becomes of the parts of coordinated transactions that the old active had published and not acted upon: all of it is decided by the decision
 * table before its successor serves; docs/coordination.md 5.4.
 *
 * <p>Threads: one at a time.
 */
public final class PartDecisions {
    private PartDecisions() {}

    /**
     * Completes what the old active had begun, and decides; the log is sealed, and followed to its end. What depends on a transaction that is not
     * complete is aborted, since its successor waits for nobody.
     */
    public static void decide(ControlFile control, int application, EpochFollower follower) {
        try (DecisionFile file = DecisionFile.openOrCreate(control.domainDirectory())) {
            decide(file.decisions(), application, follower, follower.undecidedParts());
        }
    }

    private static void decide(Decisions decisions, int application, EpochFollower follower, long[] parts) {
        for (long id : parts) {
            decisions.completeDone(id, application);
        }
        DependencyMap map = new DependencyMap(decisions);
        for (long id : inOrder(decisions, application, parts)) {
            if (decided(decisions, map, application, id) == Outcome.COMMITTED) {
                follower.commitPart(id);
                decisions.entries(id, (participant, entry) -> follower.needs(participant, entry + 1));
                CrashPoint.AFTER_PART_COMMITTED.reached();
            }
        }
    }

    /** As the application was done with them. */
    private static long[] inOrder(Decisions decisions, int application, long[] parts) {
        return Arrays.stream(parts)
                .boxed()
                .sorted(Comparator.comparingLong(id -> decisions.order(id, application)))
                .mapToLong(Long::longValue)
                .toArray();
    }

    private static Outcome decided(Decisions decisions, DependencyMap map, int application, long id) {
        decisions.evaluate(map);
        Outcome outcome = decisions.outcome(id);
        while (outcome == Outcome.UNDECIDED) {
            long blocker = map.blocker(application);
            abort(decisions, blocker == 0 ? id : blocker);
            decisions.evaluate(map);
            outcome = decisions.outcome(id);
        }
        return outcome;
    }

    private static void abort(Decisions decisions, long id) {
        try {
            decisions.abort(id);
        } catch (IllegalArgumentException decidedMeanwhile) {
            // All its participants have acted on that.
        }
    }
}
