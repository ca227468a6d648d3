package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;

/** The role goes from one process to the other in each of the ways that there are: asked for, after a hang, and after a death. Nothing is lost. */
final class RoleTour {
    private static final int TRANSACTIONS = 50;
    private static final long SWITCHOVER_MILLIS = 30_000;

    private final LedgerDomain domain;
    private final Node first;
    private final Node second;

    /**
     * Of two that run.
     *
     * @param first the active
     * @param second its standby; both are {@link SwitchoverNode}s, of a domain with a lease
     */
    RoleTour(LedgerDomain domain, Node first, Node second) {
        this.domain = domain;
        this.first = first;
        this.second = second;
    }

    void run() {
        switchOver();
        hang();
        die();
    }

    private void switchOver() {
        work(first);
        first.process().send("SWITCH " + SWITCHOVER_MILLIS);
        String result = first.process().awaitLine("SWITCHED ");
        assertTrue(result.startsWith("SWITCHED HANDED_OVER 2 "), result);
        assertServes(second, first, 2);
        first.process().awaitLine("FENCED active=false");
        first.process().awaitLine("READY");
    }

    private void hang() {
        work(second);
        second.process().stop();
        State state = assertServes(first, second, 3);
        second.process().resume();
        second.process().awaitLine("FENCED active=false");
        assertTrue(second.marks().acknowledged() <= state.k(), "it has committed what the new active does not have");
        second.process().awaitLine("READY");
    }

    private void die() {
        work(first);
        first.process().kill();
        assertServes(second, first, 4);
        work(second);
    }

    private static void work(Node active) {
        LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + TRANSACTIONS);
    }

    private State assertServes(Node next, Node before, long epoch) {
        State state = domain.verify(next, before);
        assertEquals(epoch, state.epoch(), "there was a takeover that nobody has asked for");
        return state;
    }
}
