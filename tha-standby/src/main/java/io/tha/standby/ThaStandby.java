package io.tha.standby;

import io.tha.Intent;
import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.follow.DanglingPointer;
import io.tha.follow.FieldLoss;
import io.tha.follow.ScrubFinding;
import io.tha.layout.Layout;
import io.tha.memory.Urgency;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.takeover.Takeover;
import io.tha.transform.Conversions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A standby of an application: follows its active transaction by transaction into a pool of its own, answers read-only queries, and takes over when
 * the active is gone. With {@link io.tha.active.StandbyMode#MAPPING} it has no pool of its own before that, and is not read.
 *
 * <p>Threads: any.
 */
public final class ThaStandby implements AutoCloseable {
    private final StandbyTask task;
    private boolean started;

    private ThaStandby(StandbyTask task) {
        this.task = task;
    }

    /**
     * Joins a domain; following begins with {@link #start}, or the first call that needs it.
     *
     * @param domainDirectory that the active uses or will use
     * @param name of the application
     * @param config of this side; its pool must hold the active's objects
     * @throws ThaException if its tracker is missing here, with the reason
     */
    public static ThaStandby open(Path domainDirectory, String name, ThaConfig config) {
        config.usableTracker(); // a standby that could not take over is none
        return new ThaStandby(new StandbyTask(ControlFile.open(domainDirectory), name, config));
    }

    /**
     * Registers this version's layouts, before following begins. Where the active's differ, its fields become this version's by name, and what does
     * not fit is refused; see docs/versions.md.
     */
    public void register(Layout... layouts) {
        for (Layout layout : layouts) {
            register(layout, Conversions.NONE);
        }
    }

    /**
     * Registers a layout of this version, before following begins.
     *
     * @param conversions how it takes over what other versions of it have
     * @throws io.tha.layout.LayoutException if the conversions do not fit the layout
     * @throws io.tha.LayoutMismatchException if another layout here has its name, or has it as an earlier one
     */
    public void register(Layout layout, Conversions conversions) {
        if (started) {
            throw new IllegalStateException("layouts are registered before the standby starts to follow");
        }
        task.register(layout, conversions);
    }

    /**
     * Gives the standby a rehearsal of the service: code that does, with an application of no consequence, what the service will do when it takes
     * over. It runs once before the standby is ready, so that after a takeover no class has to be loaded and no code is cold.
     *
     * @param service must leave no transaction open, and needs no more than a few MiB
     */
    public void rehearse(Consumer<ThaApplication> service) {
        if (started) {
            throw new IllegalStateException("a rehearsal is given before the standby starts to follow");
        }
        task.rehearse(service);
    }

    /** Begins to follow; waits for an active if there is none. */
    public synchronized void start() {
        if (!started) {
            started = true;
            task.start();
        }
    }

    /**
     * Waits until this standby has the committed state and could take over.
     *
     * @throws ThaException if it cannot follow, with the reason
     */
    public void awaitReady() throws InterruptedException {
        start();
        task.awaitReady();
    }

    /**
     * Waits until the active is gone and this process serves.
     *
     * @return the application to go on with
     * @throws ThaException if this standby cannot follow or take over, with the reason
     */
    public Takeover awaitTakeover() throws InterruptedException {
        start();
        long before = Urgency.begin();
        try {
            return task.takeover().get();
        } catch (ExecutionException e) {
            throw new ThaException(e.getCause().getMessage(), e.getCause());
        } finally {
            Urgency.end(before);
        }
    }

    /**
     * Reads the state between two transactions; the follower waits meanwhile, so be brief.
     *
     * @param query must not keep the pool
     * @throws IllegalStateException while the copy is being built, after a takeover, when the {@link ThaApplication} has the pool, and with
     *     {@link io.tha.active.StandbyMode#MAPPING}
     */
    public <T> T read(Function<ThaPool, T> query) {
        start();
        return task.read(query);
    }

    /**
     * Keeps this standby where it is, so that it can be read together with others; {@link JointRead} does that for those of this process. The active
     * goes on, until its ring is full.
     *
     * @param most how long to wait for who holds it now, and after which the hold ends by itself
     * @throws ThaException if somebody else holds it for so long
     * @throws IllegalStateException as {@link #read}
     */
    public StandbyHold hold(Duration most) throws InterruptedException {
        start();
        return task.hold(most.toNanos());
    }

    /** The index of its application in the domain. */
    int application() {
        return task.application();
    }

    /**
     * What became of a transaction of the application, up to the position where this standby is. It is remembered for the last four million ids of
     * the domain.
     *
     * @throws IllegalStateException while the copy is being built, and after a takeover
     */
    public Outcome outcome(long transactionId) {
        start();
        return task.outcome(transactionId);
    }

    /**
     * The intents of transactions that are neither committed nor aborted, in the order in which they were published: what a takeover at this moment
     * would hand over. None while the copy is being built.
     */
    public List<Intent> intents() {
        start();
        return task.intents();
    }

    /** The latest thousand elements of this side's copy that were found to be damaged, and repaired; in order. */
    public List<ScrubFinding> scrubFindings() {
        return task.scrubFindings();
    }

    /** The latest thousand values of the active that did not fit this version's fields, in order; {@link StandbyStatus#losses} counts all. */
    public List<FieldLoss> losses() {
        return task.losses().latest();
    }

    /** The latest thousand pointers that led nowhere when the transaction that wrote them was complete, in order. */
    public List<DanglingPointer> danglingPointers() {
        return task.losses().latestDangling();
    }

    /** How far it is, or why it has given up. */
    public StandbyStatus status() {
        return task.status();
    }

    /** Stops following, and removes this side's copy unless it has taken over. */
    @Override
    public void close() {
        task.close();
    }
}
