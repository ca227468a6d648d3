package io.tha.memory;

/**
 * The time slice of a thread. Who is woken with a short one runs at once, in front of whoever has the processor for a long one, and gets no greater
 * share by it. Linux lets every thread choose since 6.12; without a choice a thread may wait for a whole tick, 4 ms, behind one that computes.
 *
 * <p>Threads: each chooses for itself.
 */
public final class ThreadSlice {
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

    private ThreadSlice() {}

    /**
     * The calling thread will be woken for little work that must not wait. Where that cannot be asked for, it stays as it is.
     *
     * @return the slice that it had before, in nanoseconds; 0 if it stays as it is
     */
    public static long shorten() {
        return set(SHORT_NANOS);
    }

    /** Gives the calling thread back what {@link #shorten} has told; 0 is ignored. */
    public static void restore(long sliceNanos) {
        if (sliceNanos > 0) {
            set(sliceNanos);
        }
    }

    /** Policy and priority stay as they are. */
    private static long set(long sliceNanos) {
        if (!Posix.available()) {
            return 0;
        }
        long attributes = Memory.allocate(ATTRIBUTES_LENGTH);
        try {
            boolean known = Posix.schedulingAttributes(attributes, ATTRIBUTES_LENGTH) == 0;
            long before = Memory.getLong(attributes + RUNTIME_OFFSET);
            if (!known || Memory.getInt(attributes + POLICY_OFFSET) != SCHED_OTHER || before == 0) {
                return 0;
            }
            Memory.putLong(attributes + RUNTIME_OFFSET, sliceNanos);
            return Posix.changeScheduling(attributes) == 0 ? before : 0;
        } finally {
            Memory.free(attributes);
        }
    }
}
