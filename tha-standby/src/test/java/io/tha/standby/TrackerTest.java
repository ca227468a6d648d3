package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Seeds;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each tracker, against every way to write: a million writes, and not one may be missed. */
class TrackerTest {
    private static final int WRITES_OF_A_THREAD = Extent.of(100_000);
    private static final int WRITES_COMPARED_ONE_BY_ONE = Extent.of(100_000);

    @ParameterizedTest
    @EnumSource
    void noWriteIsMissed(CaptureMode mode) throws IOException, InterruptedException, ExecutionException {
        mode.requireAvailable();
        long seed = Seeds.seed();
        try (DomainDirectory directory = DomainDirectory.create();
                TrackerWorkload workload = new TrackerWorkload(directory.path(), mode)) {
            oneByOne(workload, WRITES_COMPARED_ONE_BY_ONE, new Random(seed));
            byThreads(workload, WRITES_OF_A_THREAD, seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noWriteIsMissedOnDisk(CaptureMode mode, @TempDir Path disk) throws IOException, InterruptedException, ExecutionException {
        mode.requireAvailable();
        long seed = Seeds.seed();
        try (TrackerWorkload workload = new TrackerWorkload(disk, mode)) {
            oneByOne(workload, 10_000, new Random(seed));
            byThreads(workload, 10_000, seed);
        }
    }

    /** On a file system of its own, which makes huge pages where it can; whoever may not mount cannot try. */
    @ParameterizedTest
    @EnumSource(names = {"SOFTWARE", "USERFAULTFD", "MPROTECT", "COMPARE", "APPLICATION", "LINES", "LINES_COMPARED_BY_STANDBY"})
    void noWriteIsMissedOnHugePages(CaptureMode mode, @TempDir Path mountPoint) throws Exception {
        mode.requireAvailable();
        String mount = "mount -t tmpfs -o huge=always,size=256m none \"$0\" && exec \"$@\"";
        List<String> launcher = List.of("unshare", "--mount", "sh", "-c", mount, mountPoint.toString());
        assumeTrue(works(launcher), "a tmpfs with huge pages cannot be mounted");
        try (ForkedJvm child = ForkedJvm.of(OnHugePages.class)
                .args(mountPoint, mode, Seeds.seed())
                .through(launcher)
                .start()) {
            assertEquals("huge pages in use", child.awaitLine("huge pages").split(":", -1)[0]);
            child.awaitLine("no write missed");
        }
    }

    /** In a mount namespace. */
    static final class OnHugePages {
        private OnHugePages() {}

        public static void main(String[] args) throws Exception {
            try (TrackerWorkload workload = new TrackerWorkload(Path.of(args[0]), CaptureMode.valueOf(args[1]))) {
                long seed = Long.parseLong(args[2]);
                boolean huge = Files.readAllLines(Path.of("/proc/self/smaps")).stream()
                        .anyMatch(line -> line.startsWith("ShmemPmdMapped:") && !line.contains(" 0 kB"));
                System.out.println(huge ? "huge pages in use" : "huge pages: none");
                oneByOne(workload, 5_000, new Random(seed));
                byThreads(workload, 5_000, seed);
                System.out.println("no write missed");
            }
        }
    }

    @Test
    void aTrackerThatIsMissingIsAnErrorOrFallsBack() {
        for (TrackerKind kind : TrackerKind.values()) {
            String reason = Trackers.unavailableReason(kind);
            assertTrue(reason == null || !reason.isBlank(), kind.toString());
            System.out.println(kind + ": " + (reason == null ? "available" : reason));
        }
        assertEquals(TrackerKind.SOFTWARE, Trackers.choose(TrackerKind.AUTO, null, false));
        assertTrue(Trackers.choose(TrackerKind.AUTO, null, true).seesRawWrites());
    }

    static void requireAvailable(TrackerKind tracker) {
        String reason = Trackers.unavailableReason(tracker);
        assumeTrue(reason == null, tracker + " cannot be used here: " + reason);
    }

    private static boolean works(List<String> launcher) throws InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.add("true");
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The standby equals the active after each commit. */
    private static void oneByOne(TrackerWorkload workload, int writes, Random random) throws InterruptedException {
        int left = writes;
        while (left > 0) {
            int count = 1 + random.nextInt(400);
            workload.writeAndCompare(random.nextInt(TrackerWorkload.GROUPS), count, random);
            left -= count;
        }
    }

    /** Threads write and commit their groups at the same time: one's commit must not swallow what another has written. */
    private static void byThreads(TrackerWorkload workload, int writes, long seed) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(TrackerWorkload.GROUPS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int group = 0; group < TrackerWorkload.GROUPS; group++) {
                int mine = group;
                running.add(threads.submit(() -> workload.write(mine, writes, new Random(seed + mine))));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
        workload.compare();
    }
}
