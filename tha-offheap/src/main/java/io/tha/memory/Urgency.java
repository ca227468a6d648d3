package io.tha.memory;

/**
 * For threads that wait for long, and are woken for little work that must not wait. Where this process may (CAP_SYS_NICE, or a real-time limit) they
 * run by the policy SCHED_FIFO, in front of all threads that have no real-time policy. Elsewhere they ask for short slices, which Linux lets every
 * thread do since 6.12: who has one runs at once when it is woken, but once it has had its share it may wait for a whole tick, 4 ms, behind a thread
 * that computes, or that takes the memory of a dead process apart.
 *
 * <p>Threads: each for itself.
 */
public final class Urgency {
    /** The least that Linux gives. */
    private static final long SHORT_NANOS = 100_000;

    private static final int SIZE_OFFSET = 0;
    private static final int POLICY_OFFSET = SIZE_OFFSET + Integer.BYTES;
    private static final int FLAGS_OFFSET = POLICY_OFFSET + Integer.BYTES;
    private static final int NICE_OFFSET = FLAGS_OFFSET + Long.BYTES;
    private static final int PRIORITY_OFFSET = NICE_OFFSET + Integer.BYTES;
    private static final int RUNTIME_OFFSET = PRIORITY_OFFSET + Integer.BYTES;
    private static final int DEADLINE_OFFSET = RUNTIME_OFFSET + Long.BYTES;
    private static final int PERIOD_OFFSET = DEADLINE_OFFSET + Long.BYTES;
    /** The first version of the structure, which every kernel knows. */
    private static final int ATTRIBUTES_LENGTH = PERIOD_OFFSET + Long.BYTES;

    /** The policy of threads that nobody gave another one. */
    private static final int SCHED_OTHER = 0;

    private static final int SCHED_FIFO = 1;
    private static final int LEAST_PRIORITY = 1;
    /** Threads that it starts are not urgent. */
    private static final long FLAG_RESET_ON_FORK = 1;

    private Urgency() {}

    /**
     * The calling thread is urgent from now on. Where that cannot be asked for, or it has a policy of its own, it stays as it is.
     *
     * @return what {@link #end} needs
     */
    public static long begin() {
        if (!Posix.available()) {
            return 0;
        }
        long attributes = Memory.allocate(ATTRIBUTES_LENGTH);
        try {
            boolean known = Posix.schedulingAttributes(attributes, ATTRIBUTES_LENGTH) == 0;
            if (!known || Memory.getInt(attributes + POLICY_OFFSET) != SCHED_OTHER) {
                return 0;
            }
            // 0 before Linux 6.12, where nobody can choose.
            long slice = Memory.getLong(attributes + RUNTIME_OFFSET);
            long flags = Memory.getLong(attributes + FLAGS_OFFSET);
            if (change(attributes, SCHED_FIFO, LEAST_PRIORITY, flags | FLAG_RESET_ON_FORK, 0)) {
                return Math.max(slice, 1);
            }
            return slice != 0 && change(attributes, SCHED_OTHER, 0, flags, SHORT_NANOS) ? slice : 0;
        } finally {
            Memory.free(attributes);
        }
    }

    /** The calling thread is what it was before {@link #begin}. */
    public static void end(long before) {
        if (before == 0) {
            return;
        }
        long attributes = Memory.allocate(ATTRIBUTES_LENGTH);
        try {
            if (Posix.schedulingAttributes(attributes, ATTRIBUTES_LENGTH) == 0) {
                long flags = Memory.getLong(attributes + FLAGS_OFFSET);
                boolean changed = change(attributes, SCHED_OTHER, 0, flags & ~FLAG_RESET_ON_FORK, before);
                if (!changed) {
                    // Only who may have any policy may take that flag back: it then stays, which makes no difference to threads of this policy.
                    change(attributes, SCHED_OTHER, 0, flags, before);
                }
            }
        } finally {
            Memory.free(attributes);
        }
    }

    /** The nice value stays as it is. */
    private static boolean change(long attributes, int policy, int priority, long flags, long sliceNanos) {
        Memory.putInt(attributes + POLICY_OFFSET, policy);
        Memory.putInt(attributes + PRIORITY_OFFSET, priority);
        Memory.putLong(attributes + FLAGS_OFFSET, flags);
        Memory.putLong(attributes + RUNTIME_OFFSET, sliceNanos);
        return Posix.changeScheduling(attributes) == 0;
    }
}
