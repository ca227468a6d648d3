package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.capture.Snapshot;
import io.tha.memory.CrashPoint;
import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When one standby takes over, the others go on with the copies that they have, if the new log still has its beginning; else they copy. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Sampled
class FollowOnTest {
    private static final int LARGE_EVERY = 64;
    /** More than an active writes here before it is killed. */
    private static final int LARGE_RING = 32 << 20;
    private static final int STANDBYS = 4;
    private static final int MOST_TRANSACTIONS = 100;
    /** One in eight flushes. */
    private static final int FLUSHING_TRANSACTIONS = 40;
    /** Many times a ring of 64 KiB. */
    private static final int MANY_TRANSACTIONS = 1_500;

    @Test
    void thoseThatAreLeftFollowOneTakeoverAfterAnotherWithoutACopy() {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withRing(LARGE_RING)) {
            Node active = domain.start("active");
            List<Node> standbys = new ArrayList<>();
            for (int i = 0; i < STANDBYS; i++) {
                standbys.add(domain.start("standby"));
            }
            standbys.forEach(standby -> standby.process().awaitLine("READY"));
            for (int takeovers = 0; !standbys.isEmpty(); takeovers++) {
                for (Node standby : standbys) {
                    assertJoined(standby, takeovers + 1, 1, takeovers);
                }
                LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + 1 + random.nextInt(MOST_TRANSACTIONS));
                active.process().kill();

                Node successor = LedgerDomain.awaitActive(standbys);

                domain.verify(successor, active);
                standbys.remove(successor);
                active = successor;
            }
        }
    }

    @Test
    void aStandbyThatComesToTheNewLogTooLateCopiesTheState() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active");
            Node late = domain.start("standby");
            late.process().awaitLine("READY");
            Node next = domain.start("standby");
            next.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, 10);
            late.process().stop();
            active.process().kill();
            State cut = domain.verify(next, active);
            LedgerDomain.awaitAcknowledged(next, cut.k() + MANY_TRANSACTIONS);

            late.process().resume();

            // On a busy machine the active may outrun one copy, and another one be made.
            String[] joined = late.process().awaitLine("JOINED " + cut.epoch() + " ").split(" ");
            assertTrue(Long.parseLong(joined[2]) >= 2 && joined[3].equals("0"), () -> "not copied: " + String.join(" ", joined));
            next.process().kill();
            domain.verify(late, next);
        }
    }

    @Test
    void whoSeeksItsObjectsWhileTheNewActiveDiesFollowsTheOneAfterThat() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withRing(LARGE_RING)) {
            Node active = domain.start("active");
            Node first = domain.startWaiting("standby");
            first.process().awaitLine("READY");
            Node second = domain.startWaiting("standby");
            second.process().awaitLine("READY");
            Node seeking = domain.start("standby", false, CrashPoint.AFTER_REMAP + ":STOP");
            seeking.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, 10);
            active.process().kill();
            List<Node> standbys = new ArrayList<>(List.of(first, second));
            Node next = LedgerDomain.awaitActive(List.of(first, second, seeking));
            assertTrue(standbys.remove(next), "who is first of equals takes over first");
            State cut = domain.verify(next, active);
            seeking.process().awaitStopped();
            next.process().send("GO");
            LedgerDomain.awaitAcknowledged(next, cut.k() + 50);
            next.process().kill();
            State last = domain.verify(standbys.get(0), next);
            standbys.get(0).process().send("GO");
            LedgerDomain.awaitAcknowledged(standbys.get(0), last.k() + 10);

            seeking.process().resume();

            assertJoined(seeking, last.epoch(), 1, 2);
            standbys.get(0).process().kill();
            domain.verify(seeking, standbys.get(0));
        }
    }

    /** What it has not read has flushed frames, in overflow segments that the new active would remove. */
    @Test
    void whoIsBehindWhenAnotherOneTakesOverReachesTheCutAndGoesOn() {
        try (LedgerDomain domain = new LedgerDomain(1).withRing(LARGE_RING)) {
            Node active = domain.start("active");
            Node next = domain.startWaiting("standby");
            next.process().awaitLine("READY");
            Node behind = domain.start("standby");
            behind.process().awaitLine("READY");
            behind.process().stop();
            LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + FLUSHING_TRANSACTIONS);
            active.process().kill();
            State cut = domain.verify(next, active);

            behind.process().resume();

            assertJoined(behind, cut.epoch(), 1, 1);
            next.process().send("GO");
            LedgerDomain.awaitAcknowledged(next, cut.k() + 2);
            next.process().kill();
            domain.verify(behind, next);
        }
    }

    @Test
    void withoutAnImageTheStateIsCopied() {
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).withRing(LARGE_RING).with(Snapshot.LINES)) {
            Node active = domain.start("active");
            List<Node> standbys = List.of(domain.start("standby"), domain.start("standby"));
            standbys.forEach(standby -> standby.process().awaitLine("READY"));
            LedgerDomain.awaitAcknowledged(active, 10);
            active.process().kill();

            Node successor = LedgerDomain.awaitActive(standbys);

            State state = domain.verify(successor, active);
            Node other = standbys.get(1 - standbys.indexOf(successor));
            assertJoined(other, state.epoch(), 2, 0);
        }
    }

    /** How a node got the state of an epoch. */
    private static void assertJoined(Node node, long epoch, long copies, long takeoversFollowed) {
        String expected = "JOINED " + epoch + " " + copies + " " + takeoversFollowed + " ";
        String line = node.process().awaitLine("JOINED " + epoch + " ");
        assertTrue(line.startsWith(expected), () -> "expected copies and takeovers that were followed: " + expected + ", but was: " + line);
    }
}
