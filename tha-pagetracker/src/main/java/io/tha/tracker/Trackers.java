package io.tha.tracker;

import io.tha.ThaException;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;

/**
 * Which trackers there are here, and which one an application gets.
 *
 * <p>Threads: any.
 */
public final class Trackers {
    private static final System.Logger LOG = System.getLogger(Trackers.class.getName());

    private Trackers() {}

    /** Why this process cannot use a tracker, or null when it can: found out by using it, once. */
    public static String unavailableReason(TrackerKind kind) {
        return kind == TrackerKind.USERFAULTFD ? UserfaultfdProbe.unavailableReason() : null;
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
        if (wanted == TrackerKind.AUTO) {
            return rawWrites ? choose(TrackerKind.USERFAULTFD, TrackerKind.COMPARE, true) : TrackerKind.SOFTWARE;
        }
        String reason = unavailableReason(wanted);
        if (reason == null) {
            return wanted;
        }
        if (fallback == null) {
            throw new ThaException("tracker " + wanted + " cannot be used here: " + reason + "; configure another one, or one to fall back on");
        }
        LOG.log(System.Logger.Level.WARNING, "tracker {0} cannot be used here: {1}; falling back on {2}", wanted, reason, fallback);
        return choose(fallback, null, rawWrites);
    }

    /**
     * A tracker, not started.
     *
     * @param kind not {@code AUTO}
     * @param pool to be watched
     * @param image of what is committed
     * @param workingBase where the pool will be mapped when the tracker is started
     */
    public static PageTracker create(TrackerKind kind, PoolStructure pool, CommittedImage image, long workingBase) {
        return switch (kind) {
            case AUTO -> throw new IllegalArgumentException("AUTO is to be resolved before");
            case SOFTWARE -> new SoftwareTracker(pool, image);
            case USERFAULTFD -> new UserfaultfdTracker(pool, workingBase);
            case COMPARE -> new CompareTracker(pool);
        };
    }
}
