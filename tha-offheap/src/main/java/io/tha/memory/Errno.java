package io.tha.memory;

/** Errors that system calls return, in words, with what to do where somebody can do something. */
final class Errno {
    private static final int ENOENT = 2;
    private static final int ENXIO = 6;
    private static final int ENOMEM = 12;
    private static final int EACCES = 13;
    private static final int EISDIR = 21;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;
    private static final int EFBIG = 27;
    private static final int EROFS = 30;
    private static final int EDQUOT = 122;

    private Errno() {}

    /** For a message. */
    static String describe(int errno) {
        String words =
                switch (errno) {
                    case ENOENT -> "there is no such file";
                    case ENXIO -> "it is a socket or a device";
                    case ENOMEM -> "no memory, address space or mapping left: look at sysctl vm.max_map_count and ulimit -v";
                    case EACCES -> "no permission: active and standby run as the user who owns the files";
                    case Posix.EEXIST -> "it exists";
                    case EISDIR -> "it is a directory";
                    case ENFILE, EMFILE -> "too many open files: raise ulimit -n";
                    case EFBIG -> "larger than a file may be: raise ulimit -f";
                    case Posix.ENOSPC -> "no space";
                    case EROFS -> "the file system is read-only";
                    case Posix.ELOOP -> "a symbolic link is not followed";
                    case EDQUOT -> "the quota is used up";
                    default -> "";
                };
        return "errno " + errno + (words.isEmpty() ? "" : " (" + words + ")");
    }
}
