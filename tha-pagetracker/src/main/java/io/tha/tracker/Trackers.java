package io.tha.tracker;

import io.tha.ThaException;
import io.tha.memory.LineMarks;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Which trackers there are here, and which one an application gets.
 *
 * <p>Threads: any.
 */
public final class Trackers {
    private static final System.Logger LOG = System.getLogger(Trackers.class.getName());

    /** In the order in which they are preferred; the last one is everywhere. */
    private static final List<TrackerKind> SEEING_RAW_WRITES = List.of(TrackerKind.USERFAULTFD, TrackerKind.MPROTECT, TrackerKind.COMPARE);

    private Trackers() {}

    /** Why this process cannot use a tracker, or null when it can: found out by using it, once. */
    public static String unavailableReason(TrackerKind kind) {
        return switch (kind) {
            case USERFAULTFD -> ProtectionProbe.USERFAULTFD.unavailableReason();
            case MPROTECT -> ProtectionProbe.MPROTECT.unavailableReason();
            case AUTO, SOFTWARE, COMPARE, APPLICATION -> null;
        };
    }

    /** One line for each tracker: its name, and {@code available} or the reason why not. */
    public static String probe() {
        StringBuilder text = new StringBuilder();
        for (TrackerKind kind : TrackerKind.values()) {
            String reason = unavailableReason(kind);
            if (kind != TrackerKind.AUTO) {
                text.append(kind).append(": ").append(reason == null ? "available" : "not available: " + reason).append('\n');
            }
        }
        return text.toString();
    }

    /**
     * The tracker to use.
     *
     * @param wanted also {@code AUTO}
     * @param fallback used with a message where the wanted one is missing; null for none
     * @param rawWrites whether the service writes by address
     * @return one that is available, not {@code AUTO}
     * @throws ThaException with the exact reason if there is none
     */
    public static TrackerKind choose(TrackerKind wanted, TrackerKind fallback, boolean rawWrites) {
        List<TrackerKind> kinds = new ArrayList<>(candidates(wanted, rawWrites));
        if (fallback != null) {
            kinds.addAll(candidates(fallback, rawWrites));
        }
        return firstOf(Trackers::unavailableReason, kinds);
    }

    private static List<TrackerKind> candidates(TrackerKind wanted, boolean rawWrites) {
        if (wanted != TrackerKind.AUTO) {
            return List.of(wanted);
        }
        return rawWrites ? SEEING_RAW_WRITES : List.of(TrackerKind.SOFTWARE);
    }

    /** The first one that is there; of the others it says why not. */
    static TrackerKind firstOf(Function<TrackerKind, String> reasons, List<TrackerKind> kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            String reason = reasons.apply(kinds.get(i));
            if (reason == null) {
                return kinds.get(i);
            }
            String missing = "tracker " + kinds.get(i) + " cannot be used here: " + reason;
            if (i == kinds.size() - 1) {
                throw new ThaException(missing + "; configure another one, or one to fall back on");
            }
            LOG.log(System.Logger.Level.WARNING, "{0}; falling back on {1}", missing, kinds.get(i + 1));
        }
        throw new IllegalArgumentException("no tracker to choose from");
    }

    /**
     * A tracker, not started.
     *
     * @param kind not {@code AUTO}
     * @param pool to be watched
     * @param image of what is committed, null where none is kept
     * @param workingBase where the pool will be mapped when the tracker is started
     */
    public static PageTracker create(TrackerKind kind, PoolStructure pool, CommittedImage image, long workingBase) {
        return switch (kind) {
            case AUTO -> throw new IllegalArgumentException("AUTO is to be resolved before");
            case SOFTWARE -> new SoftwareTracker(pool, image);
            case USERFAULTFD -> new ProtectionTracker(kind, UserfaultProtection.open(), pool, workingBase);
            case MPROTECT -> new ProtectionTracker(kind, faultProtection(pool, workingBase), pool, workingBase);
            case COMPARE -> new CompareTracker(pool);
            case APPLICATION -> new ApplicationTracker();
        };
    }

    private static FaultProtection faultProtection(PoolStructure pool, long workingBase) {
        FaultProtection protection = FaultProtection.open();
        if (workingBase != pool.memory().base() || pool.memory().isPrivate()) {
            // A private mapping of the file that the pool is mapped from.
            protection.makeMergeable(workingBase + ((long) pool.memory().firstDataPage() << LineMarks.PAGE_SHIFT));
        }
        return protection;
    }
}
