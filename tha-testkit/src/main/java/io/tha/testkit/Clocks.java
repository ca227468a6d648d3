package io.tha.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Commands that give a child clocks of its own, for {@link ForkedJvmBuilder#through}. */
public final class Clocks {
    // Each look at the wall clock finds it in another of seven years.
    private static final String JUMPS = """
            #define _GNU_SOURCE
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>

            static long jump(void) {
                static long looks;
                return (__atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED) % 7 - 3) * 365L * 86400L;
            }

            int clock_gettime(clockid_t id, struct timespec *now) {
                int result = syscall(SYS_clock_gettime, id, now);
                if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
                    now->tv_sec += jump();
                }
                return result;
            }

            int gettimeofday(struct timeval *now, void *zone) {
                struct timespec precise;
                (void) zone;
                int result = clock_gettime(CLOCK_REALTIME, &precise);
                now->tv_sec = precise.tv_sec;
                now->tv_usec = precise.tv_nsec / 1000;
                return result;
            }

            time_t time(time_t *now) {
                struct timespec precise;
                clock_gettime(CLOCK_REALTIME, &precise);
                if (now) {
                    *now = precise.tv_sec;
                }
                return precise.tv_sec;
            }
            """;

    private Clocks() {}

    /** Its monotonic clock, and the time since the system was started, are ahead of those of all others: a time namespace. */
    public static List<String> monotonicAhead(Duration distance, boolean inUserNamespace) {
        String seconds = Long.toString(distance.toSeconds());
        String options = "unshare --time --monotonic " + seconds + " --boottime " + seconds + " --fork --kill-child";
        return List.of((inUserNamespace ? options + " --user --map-root-user" : options).split(" ", -1));
    }

    /**
     * Its wall clock jumps by years at each look.
     *
     * @param directory for the library that does it
     * @return the command; it is refused where there is no C compiler
     */
    public static List<String> jumpingWallClock(Path directory) {
        Path source = directory.resolve("jumps.c");
        Path library = directory.resolve("jumps.so");
        try {
            Files.writeString(source, JUMPS);
            new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString()).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the compiler was interrupted", e);
        }
        return List.of("env", "LD_PRELOAD=" + library);
    }

    /** Tries whether this system allows it; empty if it does, else why not. */
    public static String refusal(List<String> command) {
        return Probe.refusal(command, "echo here", "here");
    }
}
