package io.tha.memory;

/** The C library's own names, bound by JNA's direct mapping; pointers are longs, since only 64-bit platforms are served. */
final class Libc {
    private Libc() {}

    static native int open(String path, int flags, int mode);

    static native int close(int fd);

    static native int posix_fallocate(int fd, long offset, long lengthBytes);

    static native long mmap(long hint, long lengthBytes, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long lengthBytes);

    static native int madvise(long address, long lengthBytes, int advice);

    static native int ioctl(int fd, long request, long argument);

    static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    static native int kill(int pid, int signal);

    static native int raise(int signal);

    static native int geteuid();
}
