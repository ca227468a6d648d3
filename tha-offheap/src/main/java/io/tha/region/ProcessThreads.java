package io.tha.region;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells of a process that is being killed when none of its threads can run code of its own any more, by {@code /proc}: some microseconds later, and
 * not when its memory is freed, which takes the longer the more it has.
 *
 * <p>A thread that ends lets go of the process's memory first and never gets it back; from then on its link {@code exe} leads nowhere. Reading the
 * link, unlike other files of {@code /proc}, takes no hold of that memory: whoever had the last one would have to free it.
 *
 * <p>Threads: any.
 */
final class ProcessThreads {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern NAMESPACE = Pattern.compile("pid:\\[(\\d{1,18})]");

    private ProcessThreads() {}

    /** The inode number of this process's PID namespace; 0 if nobody can tell. */
    static long pidNamespace() {
        try {
            Matcher link = NAMESPACE.matcher(Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString());
            return link.matches() ? Long.parseLong(link.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Whether a process has certainly no thread that could still run code of its own. False in doubt, as where its process ids are not those that
     * {@code /proc} shows here, or another process has the id by now.
     *
     * @param pid in its own PID namespace
     * @param pidNamespace the inode number of that
     */
    static boolean areGone(long pid, long pidNamespace) {
        if (pidNamespace == 0 || pidNamespace != pidNamespace() || !showsOwnNamespace()) {
            return false;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(PROC.resolve(Long.toString(pid)).resolve("task"))) {
            for (Path thread : threads) {
                if (hasMemory(thread)) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** It may be mounted from elsewhere. */
    private static boolean showsOwnNamespace() {
        try {
            return Files.readSymbolicLink(PROC.resolve("self")).toString().equals(Long.toString(ProcessHandle.current().pid()));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasMemory(Path thread) throws IOException {
        try {
            Files.readSymbolicLink(thread.resolve("exe"));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
