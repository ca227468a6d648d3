package io.tha.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Reads from {@code /proc} what the threads of a process are doing; a signal to stop reaches them one after the other. */
final class ThreadStates {
    private static final long PAUSE_NANOS = 200_000;
    private static final char STOPPED = 'T';

    private ThreadStates() {}

    /** Whether all threads have stopped before the deadline; without {@code /proc} it is assumed. */
    static boolean awaitStopped(long pid, long deadlineNanos) throws IOException {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(Path.of("/proc/self/task"))) {
            return true;
        }
        while (!allStopped(tasks)) {
            if (System.nanoTime() > deadlineNanos) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private static boolean allStopped(Path tasks) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                if (!isStopped(thread)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean isStopped(Path thread) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            // "pid (name) state …": the name may hold anything, also parentheses
            return stat.charAt(stat.lastIndexOf(')') + 2) == STOPPED;
        } catch (NoSuchFileException gone) {
            return true;
        }
    }
}
