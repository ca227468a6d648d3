package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.CrashPoint;
import io.tha.memory.Memory;
import io.tha.region.LogFile;
import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An active is stopped, another process takes over, and the stopped one goes on: it is fenced, and nothing that it does shows.
 *
 * <p>A stopped process is not dead, so no standby takes over by itself: a third process claims the application and dies, which makes it vacant.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class FencingTest {
    private static final int LARGE_EVERY = 16;
    private static final int FIRST_PASSAGE = 20;
    private static final int MAX_TRANSACTIONS = 200;

    @RepeatedTest(5)
    void anActiveThatWasStoppedAtAnyMomentIsFenced() {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.startWaiting("active");
            Node standby = domain.startWaiting("standby");
            standby.process().awaitLine("READY");
            active.process().send("GO");
            LedgerDomain.awaitAcknowledged(active, 1 + random.nextInt(MAX_TRANSACTIONS));
            active.process().stop();

            assertFenced(domain, active, standby);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AFTER_COLLECT, 60", "AFTER_CLAIM, 20", "AFTER_FRAME, 1500", "AFTER_OVERFLOW_CREATE, 20", "BEFORE_PUBLISH, 60",
        "AFTER_PUBLISH_BEFORE_IMAGE, 60", "IN_IMAGE_ADVANCE, 1500", "AFTER_IMAGE_BEFORE_APPLIED, 60", "AFTER_APPLIED, 60",
    })
    void anActiveThatWasStoppedInItsCommitIsFenced(CrashPoint point, int passages) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active", true, point + ":" + (FIRST_PASSAGE + random.nextInt(passages)) + ":STOP");
            Node standby = domain.startWaiting("standby");
            standby.process().awaitLine("READY");
            active.process().send("GO");
            active.process().awaitStopped();

            assertFenced(domain, active, standby);
        }
    }

    private static void assertFenced(LedgerDomain domain, Node stopped, Node standby) {
        try (LogFile log = LogFile.open(domain.path().resolve(LedgerNode.APPLICATION + ".1.log"))) {
            assertEquals("CLAIMED 2", domain.start("usurper").process().awaitLine("CLAIMED"));
            LedgerDomain.awaitActive(List.of(standby));
            State state = domain.verify(standby, stopped);
            assertEquals(3, state.epoch());
            byte[] readable = readable(log);
            assertTrue(readable.length > Long.BYTES, "frames can be read");
            Map<String, byte[]> files = contents(domain, state.epoch());

            stopped.process().resume();

            // An active that is not fenced would go on, and never say so.
            while (stopped.process().lines().stream().noneMatch(line -> line.startsWith("FENCED"))) {
                assertTrue(stopped.process().isAlive(), "the resumed process died: " + stopped.process().output());
                assertTrue(stopped.marks().acknowledged() <= state.k(), "the resumed process has committed what the new active does not have");
                Thread.onSpinWait();
            }
            String fenced = stopped.process().awaitLine("FENCED");
            assertTrue(fenced.startsWith("FENCED active=false "), fenced);
            assertTrue(stopped.marks().acknowledged() <= state.k(), () -> "acknowledged " + stopped.marks().acknowledged() + " of " + state.k());
            assertTrue(stopped.marks().started() > state.k(), "the stopped process tried another transaction");
            assertArrayEquals(readable, readable(log), "log of the old epoch");
            assertSame(files, contents(domain, state.epoch()));
            standby.process().send("STATE");
            assertEquals(state, State.of(standby.process().awaitLine("STATE ")));
            standby.process().send("GO");
            LedgerDomain.awaitAcknowledged(standby, state.k() + 2);
        }
    }

    /** The tail, and the frames that a reader may use. */
    private static byte[] readable(LogFile log) {
        long tail = log.checkedTail();
        long first = tail;
        while (first > 0 && log.isReadable(first - Long.BYTES)) {
            first -= Long.BYTES;
        }
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + (int) (tail - first)).putLong(log.tailWordAcquire());
        for (long position = first; position < tail; position += Long.BYTES) {
            content.putLong(Memory.getLong(log.address(position)));
        }
        return content.array();
    }

    /** Image and log of the new active. */
    static Map<String, byte[]> contents(LedgerDomain domain, long epoch) {
        Path logFile = domain.path().resolve(LedgerNode.APPLICATION + "." + epoch + ".log");
        try (LogFile log = LogFile.open(logFile)) {
            return Map.of("log", Files.readAllBytes(logFile), "image", Files.readAllBytes(domain.path().resolve(log.imageName())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertSame(Map<String, byte[]> before, Map<String, byte[]> after) {
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, content) -> assertArrayEquals(content, after.get(name), name));
    }
}
