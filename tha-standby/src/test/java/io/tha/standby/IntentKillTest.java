package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.StandbyMode;
import io.tha.memory.CrashPoint;
import io.tha.region.ControlFile;
import io.tha.region.TakeoverWalk;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes are killed with intents open: {@link IntentNode} finds each lost transaction's intents handed over, once, and none of another. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class IntentKillTest {
    private static final int KILLS = 10;
    private static final int MOST_PAUSE_MICROS = 20_000;
    private static final int MARKS = 4;
    private static final int TRANSACTIONS_OF_A_RING = 300;

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
        return start(role, crashPoint, StandbyMode.COPY);
    }

    private ForkedJvm start(String role, String crashPoint, StandbyMode mode) {
        ForkedJvm process = ForkedJvm.of(IntentNode.class)
                .property("tha.crashPoint", crashPoint)
                .property(LedgerNode.MODE_PROPERTY, mode)
                .args(directory.path(), marks.resolve("marks"), role)
                .start();
        processes.add(process);
        return process;
    }

    private ForkedJvm standby(String crashPoint) {
        return standby(crashPoint, StandbyMode.COPY);
    }

    private ForkedJvm standby(String crashPoint, StandbyMode mode) {
        ForkedJvm standby = start("standby", crashPoint, mode);
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

    /** A claimant that was stopped has lost its claim when it resumes, and claims again: with a log that may have the intents already. */
    @ParameterizedTest
    @CsvSource({
        "AFTER_CUT, COPY", "AFTER_RENAME_BEFORE_OPENED, COPY", "AFTER_OPENED, COPY", "AFTER_INTENTS, COPY",
        "AFTER_CUT, MAPPING", "AFTER_RENAME_BEFORE_OPENED, MAPPING", "AFTER_OPENED, MAPPING", "AFTER_INTENTS, MAPPING",
    })
    void aTakeoverThatIsMadeOnceMoreHandsOverOnce(CrashPoint point, StandbyMode mode) throws IOException {
        ForkedJvm active = start("active", "BEFORE_PUBLISH:50:STOP");
        active.awaitStopped();
        ForkedJvm other = standby("");
        ForkedJvm claimant = standby(point + ":STOP", mode);
        other.stop();
        active.kill();
        claimant.awaitStopped();
        supersede();
        claimant.resume();
        assertTrue(handedBack(claimant) > 0, "nothing was handed back");
        other.resume();
        awaitRingOf(claimant);
        claimant.kill();
        other.awaitLine("SERVING");
        awaitWork(other);
    }

    /** Until its ring was written once more: what was undecided at the beginning would have been written again if it still were. */
    private void awaitRingOf(ForkedJvm active) throws IOException {
        long first = committed();
        while (committed() < first + TRANSACTIONS_OF_A_RING) {
            assertTrue(active.isAlive(), () -> active.output());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** How many transactions the first group has committed. */
    private long committed() throws IOException {
        byte[] marks = contents();
        return marks.length < MARKS * Long.BYTES ? 0 : ByteBuffer.wrap(marks).getLong(Long.BYTES);
    }

    /** Claims the next epoch, and gives it up. */
    private void supersede() {
        try (ControlFile control = ControlFile.open(directory.path())) {
            int application = control.findApplication(IntentNode.APPLICATION);
            TakeoverWalk.claim(control, application, control.takeoverWordAcquire(application)).giveUp();
        }
    }
}
