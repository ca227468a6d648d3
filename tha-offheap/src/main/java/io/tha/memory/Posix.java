package io.tha.memory;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The system calls that the JDK has no name for, through JNA's direct mapping; for the control path only. Every method returns a negative
 * errno instead of throwing, since mapping an errno to an exception costs microseconds.
 *
 * <p>Threads: any.
 */
public final class Posix {
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EEXIST = 17;
    public static final int ENOSPC = 28;
    public static final int ELOOP = 40;
    public static final int ETIMEDOUT = 110;
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MADV_DONTNEED = 4;
    public static final int MADV_POPULATE_WRITE = 23;
    public static final int SIGKILL = 9;
    public static final int SIGSTOP = 19;
    /** Differs between the architectures. */
    public static final int O_NOFOLLOW = Platform.isARM() ? 0x8000 : 0x20000;

    public static final int FUTEX_WAIT = 0;
    public static final int FUTEX_WAKE = 1;
    public static final int SYS_FUTEX = Platform.isARM() ? 98 : 202;
    public static final int SYS_USERFAULTFD = Platform.isARM() ? 282 : 323;

    private static final int SYS_SCHED_SETATTR = Platform.isARM() ? 274 : 314;
    private static final int SYS_SCHED_GETATTR = Platform.isARM() ? 275 : 315;

    private static final String UNAVAILABLE = load();

    /** A timespec per thread: seconds and nanoseconds. */
    private static final ThreadLocal<Long> TIMESPEC = ThreadLocal.withInitial(() -> Memory.allocate(2 * Long.BYTES));

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Posix() {}

    /** Why system calls cannot be made here, or null when they can. */
    public static String unavailableReason() {
        return UNAVAILABLE;
    }

    public static boolean available() {
        return UNAVAILABLE == null;
    }

    private static String load() {
        if (!Platform.isLinux() || !Platform.is64Bit()) {
            return "not a 64-bit Linux but " + System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        }
        if (Boolean.getBoolean("tha.posix.disabled")) {
            return "switched off by -Dtha.posix.disabled";
        }
        try {
            Native.register(Libc.class, "c");
            return null;
        } catch (LinkageError | RuntimeException e) {
            return "JNA cannot bind the C library: " + e;
        }
    }

    /** A file descriptor, or a negative errno. */
    public static int open(String path, int flags, int mode) {
        int fd = Libc.open(path, flags, mode);
        return fd < 0 ? -Native.getLastError() : fd;
    }

    public static int close(int fd) {
        return Libc.close(fd) < 0 ? -Native.getLastError() : 0;
    }

    /** What the request returns, or a negative errno. */
    public static int ioctl(int fd, long request, long argument) {
        int result = Libc.ioctl(fd, request, argument);
        return result < 0 ? -Native.getLastError() : result;
    }

    /** A file descriptor, or a negative errno. */
    public static int userfaultfd(int flags) {
        long fd = Libc.syscall(SYS_USERFAULTFD, flags, 0, 0, 0, 0, 0);
        return fd < 0 ? -Native.getLastError() : (int) fd;
    }

    /** Reserves space; 0 or a negative errno. */
    static int reserve(int fd, long lengthBytes) {
        int errno = Libc.posix_fallocate(fd, 0, lengthBytes);
        while (errno == EINTR) {
            errno = Libc.posix_fallocate(fd, 0, lengthBytes);
        }
        return -errno;
    }

    /** An address, or a negative errno. */
    public static long map(int fd, long lengthBytes, int protection, int flags) {
        long address = Libc.mmap(0, lengthBytes, protection, flags, fd, 0);
        return address == -1 ? -Native.getLastError() : address;
    }

    public static int unmap(long address, long lengthBytes) {
        return Libc.munmap(address, lengthBytes) < 0 ? -Native.getLastError() : 0;
    }

    public static int advise(long address, long lengthBytes, int advice) {
        return Libc.madvise(address, lengthBytes, advice) < 0 ? -Native.getLastError() : 0;
    }

    /**
     * Waits until somebody wakes the word, if it still has the expected value.
     *
     * @param address of a 32-bit word in shared memory
     * @param expected value to wait on
     * @param timeoutNanos at most this long
     * @return 0 when woken, else a negative errno ({@link #EAGAIN}: other value, {@link #ETIMEDOUT}, {@link #EINTR})
     */
    public static int futexWait(long address, int expected, long timeoutNanos) {
        long timespec = TIMESPEC.get();
        Memory.putLong(timespec, timeoutNanos / NANOS_PER_SECOND);
        Memory.putLong(timespec + Long.BYTES, timeoutNanos % NANOS_PER_SECOND);
        long result = Libc.syscall(SYS_FUTEX, address, FUTEX_WAIT, expected, timespec, 0, 0);
        return result < 0 ? -Native.getLastError() : 0;
    }

    /** Wakes up to so many waiters; returns how many, or a negative errno. */
    public static int futexWake(long address, int count) {
        long result = Libc.syscall(SYS_FUTEX, address, FUTEX_WAKE, count, 0, 0, 0);
        return result < 0 ? -Native.getLastError() : (int) result;
    }

    /** Tells the calling thread's {@code sched_attr}, of so many bytes; 0 or a negative errno. */
    static int schedulingAttributes(long attributes, int lengthBytes) {
        return Libc.syscall(SYS_SCHED_GETATTR, 0, attributes, lengthBytes, 0, 0, 0) < 0 ? -Native.getLastError() : 0;
    }

    /** Changes the calling thread's {@code sched_attr}; 0 or a negative errno. */
    static int changeScheduling(long attributes) {
        return Libc.syscall(SYS_SCHED_SETATTR, 0, attributes, 0, 0, 0, 0) < 0 ? -Native.getLastError() : 0;
    }

    /** Sends a signal; 0 or a negative errno. */
    public static int kill(long pid, int signal) {
        return Libc.kill((int) pid, signal) < 0 ? -Native.getLastError() : 0;
    }

    /** Sends a signal to the calling thread: one that stops or ends the process does so before this returns. */
    static void raise(int signal) {
        Libc.raise(signal);
    }

    static int effectiveUser() {
        return Libc.geteuid();
    }
}
