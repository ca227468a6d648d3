package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.CrashPoint;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes are killed with intents open: {@link IntentNode} finds each lost transaction's intents handed over, once, and none of another. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class IntentKillTest {
    private static final int KILLS = 12;
    private static final int MOST_PAUSE_MICROS = 20_000;
    private static final int MARKS = 4;

    private final DomainDirectory directory = DomainDirectory.create();
    private final DomainDirectory marks = DomainDirectory.create();
    private final List<ForkedJvm> processes = new ArrayList<>();

    @AfterEach
    void remove() {
        processes.forEach(ForkedJvm::close);
        directory.close();
        marks.close();
    }

    private ForkedJvm start(String role, String crashPoint) {
        ForkedJvm process = ForkedJvm.of(IntentNode.class)
                .property("tha.crashPoint", crashPoint)
                .args(directory.path(), marks.resolve("marks"), role)
                .start();
        processes.add(process);
        return process;
    }

    private ForkedJvm standby(String crashPoint) {
        ForkedJvm standby = start("standby", crashPoint);
        standby.awaitLine("READY");
        return standby;
    }

    /** Until every group has made another transaction. */
    private void awaitWork(ForkedJvm active) throws IOException {
        byte[] before = contents();
        for (int i = 0; i < MARKS; i++) {
            int mark = i;
            while (equal(before, contents(), mark)) {
                assertTrue(active.isAlive(), () -> active.output());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    private byte[] contents() throws IOException {
        return Files.exists(marks.resolve("marks")) ? Files.readAllBytes(marks.resolve("marks")) : new byte[0];
    }

    private static boolean equal(byte[] before, byte[] now, int mark) {
        int from = mark * Long.BYTES;
        int to = from + Long.BYTES;
        return now.length < to || before.length >= to && java.util.Arrays.equals(before, from, to, now, from, to);
    }

    @Test
    void whatWasLostIsHandedOverOnce() throws IOException {
        Random random = Seeds.random();
        ForkedJvm active = start("active", "");
        active.awaitLine("READY");
        ForkedJvm standby = standby("");
        long handedBack = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            awaitWork(active);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(MOST_PAUSE_MICROS)));
            active.kill();
            ForkedJvm next = random.nextInt(3) == 0 ? null : start("standby", "");
            handedBack += handedBack(standby);
            active = standby;
            standby = next != null ? next : start("standby", "");
            standby.awaitLine("READY");
        }
        assertTrue(handedBack > 0, "in " + KILLS + " kills nothing was handed back");
    }

    private static long handedBack(ForkedJvm successor) {
        return Long.parseLong(successor.awaitLine("SERVING").substring("SERVING handedBack=".length()));
    }

    /** Both the one that died in the middle, and the one that goes on, were handed the intents. */
    @ParameterizedTest
    @EnumSource(names = {"AFTER_CLAIMED", "AFTER_SEALED", "AFTER_OPENED", "AFTER_INTENTS", "AFTER_SERVING"})
    void aTakeoverThatDiesLosesNone(CrashPoint point) throws IOException {
        ForkedJvm active = start("active", "");
        active.awaitLine("READY");
        ForkedJvm other = standby("");
        ForkedJvm claimant = standby(point.toString());
        awaitWork(active);
        other.stop();
        active.kill();
        assertEquals(128 + 9, claimant.awaitExit(), "exit code");
        other.resume();
        other.awaitLine("SERVING");
        awaitWork(other);
    }

    /** The successor dies while it does the lost transactions again. */
    @ParameterizedTest
    @EnumSource(names = {"BEFORE_PUBLISH", "AFTER_PUBLISH_BEFORE_IMAGE", "AFTER_APPLIED"})
    void aSuccessorThatDiesInItsFirstCommitsLosesNone(CrashPoint point) throws IOException {
        ForkedJvm active = start("active", "");
        active.awaitLine("READY");
        ForkedJvm other = standby("");
        ForkedJvm claimant = standby(point.toString());
        awaitWork(active);
        other.stop();
        active.kill();
        assertEquals(128 + 9, claimant.awaitExit(), "exit code");
        other.resume();
        other.awaitLine("SERVING");
        awaitWork(other);
    }
}
