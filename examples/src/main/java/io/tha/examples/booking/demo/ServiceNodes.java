package io.tha.examples.booking.demo;

import io.tha.examples.booking.Order;
import io.tha.examples.booking.Report;
import io.tha.examples.booking.ServiceKind;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The active and the standby of one service.
 *
 * <p>Threads: one starts and kills; any others read.
 */
final class ServiceNodes implements AutoCloseable {
    private final ServiceKind kind;
    private final Path domain;
    private final Node.DecisionListener listener;
    private volatile Node active;
    private volatile Node standby;
    /** Whether the standby can be read. */
    private volatile boolean ready;

    /** Starts an active; {@link #awaitServing} comes next. */
    ServiceNodes(ServiceKind kind, Path domain, Node.DecisionListener listener) {
        this.kind = kind;
        this.domain = domain;
        this.listener = listener;
        active = Node.start("active", domain, kind, listener);
    }

    ServiceKind kind() {
        return kind;
    }

    void awaitServing() throws InterruptedException {
        active.awaitServing();
    }

    /** Starts a standby; {@link #awaitReady} comes next. */
    void startStandby() {
        standby = Node.start("standby", domain, kind, listener);
    }

    void awaitReady() throws InterruptedException {
        standby.awaitReady();
        ready = true;
    }

    void order(long id, Order order) {
        active.order(id, order);
    }

    /** What the active has, while it takes no orders. */
    Report report() {
        return active.report();
    }

    /** The standby, if it can be read. */
    Optional<Node> readable() {
        return ready ? Optional.of(standby) : Optional.empty();
    }

    /** Kills the active; the standby takes over, {@link #promote}. */
    void killActive() {
        ready = false;
        active.kill();
    }

    void awaitActiveKilled() throws InterruptedException {
        active.awaitKilled();
    }

    /** Waits until the standby serves; since when, by {@link System#nanoTime}. */
    long promote() throws InterruptedException {
        long since = standby.awaitServing();
        active.close();
        active = standby;
        return since;
    }

    void killStandby() throws InterruptedException {
        ready = false;
        standby.kill();
        standby.awaitKilled();
    }

    /** What its processes have said, for whoever looks for what was wrong. */
    String said() {
        return kind + ", active:\n" + active.said() + (standby == null ? "" : "\n" + kind + ", standby:\n" + standby.said());
    }

    @Override
    public void close() {
        active.close();
        if (standby != null) {
            standby.close();
        }
    }
}
