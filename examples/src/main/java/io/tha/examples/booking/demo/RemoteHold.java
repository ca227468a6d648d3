package io.tha.examples.booking.demo;

import io.tha.coordination.DomainCut;
import io.tha.examples.booking.Report;
import io.tha.standby.HeldStandby;
import java.time.Duration;
import java.util.HexFormat;

/** A standby that is held in its own process. Everything throws {@link IllegalStateException} when it is not held any more, or is gone. */
final class RemoteHold implements HeldStandby, AutoCloseable {
    private final Node node;

    private RemoteHold(Node node) {
        this.node = node;
    }

    static RemoteHold of(Node node) {
        node.ask(Command.HOLD);
        return new RemoteHold(node);
    }

    @Override
    public DomainCut cut() {
        return DomainCut.fromBytes(HexFormat.of().parseHex(node.ask(Command.CUT)));
    }

    @Override
    public void advanceTo(long chainEnd, Duration timeout) {
        node.ask(Command.ADVANCE, Long.toString(chainEnd), Long.toString(timeout.toMillis()));
    }

    Report report() {
        return Report.of(node.ask(Command.READ));
    }

    @Override
    public void close() {
        try {
            node.ask(Command.RELEASE);
        } catch (IllegalStateException e) {
            // It was killed: nothing is held there.
        }
    }
}
