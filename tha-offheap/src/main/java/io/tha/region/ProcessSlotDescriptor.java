package io.tha.region;

/**
 * The slot of one process incarnation.
 * <pre>
 *   0            8     16              24 … 128     128          192 … 256
 *   | state word | pid | pid namespace | reserved   | death word | reserved
 * </pre>
 * Publication: the state word is stored last, when the death word is locked. The death word is a pthread_mutex_t of glibc (40 or 48 bytes)
 * whose first 32 bits are the futex word. It lies on its own pair of cache lines: watchers poll it.
 */
final class ProcessSlotDescriptor {
    static final int STATE_WORD_OFFSET = 0;
    static final int PID_OFFSET = STATE_WORD_OFFSET + Long.BYTES;
    static final int PID_NAMESPACE_OFFSET = PID_OFFSET + Long.BYTES;
    static final int RESERVED_OFFSET = PID_NAMESPACE_OFFSET + Long.BYTES;
    static final int DEATH_WORD_OFFSET = 128;
    static final int DEATH_WORD_LENGTH = 64;
    static final int LENGTH = 256;

    private ProcessSlotDescriptor() {}
}
