package io.tha.standby;

import io.tha.Intent;
import io.tha.LayoutMismatchException;
import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.follow.DeclaredLayouts;
import io.tha.follow.EpochFollower;
import io.tha.follow.Joiner;
import io.tha.follow.Losses;
import io.tha.follow.ScrubFinding;
import io.tha.follow.ScrubFindings;
import io.tha.layout.Layout;
import io.tha.memory.CrashPoint;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogReader;
import io.tha.region.TakeoverWord;
import io.tha.takeover.Rehearsal;
import io.tha.takeover.Takeover;
import io.tha.transform.Conversions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The two threads of a standby: one follows, one is a {@link TakeoverWatch}.
 *
 * <p>Threads: any, beside these two.
 */
final class StandbyTask implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StandbyTask.class.getName());
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BRIEF_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    /** A join may meet files that a takeover is removing, or a copy that redo cannot mend because a layout was replaced. */
    private static final int JOIN_ATTEMPTS = 20;

    private final ControlFile control;
    private final String name;
    private final ThaConfig config;
    private final int application;
    private final DomainFiles files;
    private final DeclaredLayouts layouts = new DeclaredLayouts();
    private final CopyHolder held = new CopyHolder();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Takeover> takeover = new CompletableFuture<>();
    private final Thread follower = new Thread(() -> guarded(this::follow), "tha-follower");
    private final Thread watcher = new Thread(() -> guarded(this::watch), "tha-watcher");
    private final Lookout lookout;
    private final Waiter waiter = new Waiter(held, takeover, follower);
    private final StandbyFailure failures;
    /** Made beforehand: without heap it cannot be linked. */
    private final Consumer<ThaException> failing = this::fail;

    private Consumer<ThaApplication> rehearsal = Rehearsal::engine;
    private final Joins joins = new Joins();
    /** Under the lock. */
    private final ScrubFindings scrubFindings = new ScrubFindings();
    private final Losses losses = new Losses();

    private volatile String failure;
    private volatile boolean stopping;

    StandbyTask(ControlFile control, String name, ThaConfig config) {
        this(control, name, config, Lookout.OF_PROCESS);
    }

    /** One that waits with others than those of the process. */
    StandbyTask(ControlFile control, String name, ThaConfig config, Lookout lookout) {
        this.control = control;
        this.lookout = lookout;
        this.name = name;
        this.config = config;
        application = control.application(name, config.version());
        files = new DomainFiles(control, name);
        failures = new StandbyFailure(name, control.domainDirectory());
        follower.setDaemon(true);
        watcher.setDaemon(true);
    }

    void register(Layout layout, Conversions conversions) {
        layouts.add(layout, conversions);
    }

    void rehearse(Consumer<ThaApplication> service) {
        rehearsal = rehearsal.andThen(service);
    }

    void start() {
        follower.start();
        watcher.start();
    }

    void awaitReady() throws InterruptedException {
        try {
            ready.get();
        } catch (ExecutionException e) {
            throw new ThaException(e.getCause().getMessage(), e.getCause());
        }
    }

    CompletableFuture<Takeover> takeover() {
        return takeover;
    }

    <T> T read(Function<ThaPool, T> query) {
        if (isMapping()) {
            throw new IllegalStateException("standby of '" + name + "': it has no copy that could be read: it maps the active's image, which is at "
                    + "no transaction boundary (standbyMode MAPPING); ask the active, or a standby with standbyMode COPY");
        }
        return readCopy(current -> query.apply(current.pool()));
    }

    private boolean isMapping() {
        return config.standbyMode() == StandbyMode.MAPPING;
    }

    Outcome outcome(long transactionId) {
        return readCopy(current -> current.outcomes().outcome(transactionId));
    }

    private <T> T readCopy(Function<StandbyCopy, T> query) {
        held.readLock().lock();
        try {
            StandbyCopy current = held.copy();
            if (current == null || !current.follower().isConsistent()) {
                throw new IllegalStateException("standby of '" + name + "': " + whyUnreadable());
            }
            return query.apply(current);
        } finally {
            held.readLock().unlock();
        }
    }

    /** Begins a hold, which the copy is at rest with when this returns. */
    StandbyHold hold(long nanos) throws InterruptedException {
        if (isMapping()) {
            throw new IllegalStateException("standby of '" + name + "': it has no copy that could be read (standbyMode MAPPING)");
        }
        HoldGate.Hold begun = held.gate().begin(nanos);
        if (begun == null) {
            throw new ThaException("standby of '" + name + "' is held by somebody else: close what ThaStandby.hold gave, or wait longer");
        }
        try {
            readHeld(begun, StandbyCopy::chainEnd);
            return new StandbyHold(this, begun);
        } catch (RuntimeException | Error e) {
            release(begun);
            throw e;
        }
    }

    <T> T readHeld(HoldGate.Hold hold, Function<StandbyCopy, T> query) {
        return readCopy(current -> {
            // Under the lock: whoever ends it, changes nothing before this is over.
            if (hold.over() != null) {
                throw new IllegalStateException("standby of '" + name + "' is not held any more: " + hold.over());
            }
            return query.apply(current);
        });
    }

    void release(HoldGate.Hold hold) {
        held.gate().release(hold);
    }

    String name() {
        return name;
    }

    int application() {
        return application;
    }

    private String whyUnreadable() {
        if (failure != null) {
            return "it has given up: " + failure;
        }
        return takeover.isDone() ? "it has taken over, use its application" : "the copy is being built, wait until it is ready";
    }

    List<Intent> intents() {
        held.readLock().lock();
        try {
            StandbyCopy current = held.copy();
            return current == null ? List.of() : current.follower().intents();
        } finally {
            held.readLock().unlock();
        }
    }

    StandbyStatus status() {
        held.readLock().lock();
        try {
            StandbyCopy current = held.copy();
            if (current == null) {
                return new StandbyStatus(failure, false, 0, 0, 0, 0, 0, scrubFindings.status(), losses.status(), joins.status(null));
            }
            EpochFollower followed = current.follower();
            return new StandbyStatus(
                    failure,
                    followed.isConsistent(),
                    current.epoch(),
                    followed.position(),
                    followed.transactions(),
                    followed.uncomparedBytes(),
                    followed.changedBytes(),
                    scrubFindings.status(),
                    losses.status(),
                    joins.status(current));
        } finally {
            held.readLock().unlock();
        }
    }

    Losses losses() {
        return losses;
    }

    List<ScrubFinding> scrubFindings() {
        held.readLock().lock();
        try {
            return scrubFindings.latest();
        } finally {
            held.readLock().unlock();
        }
    }

    /** Errors too: whoever waits for this standby must learn of them. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            failures.tell(e, failing);
        }
    }

    /** A standby that has given up must not keep its place in the log, for which the active waits. */
    private void follow() {
        lookout.enter(waiter);
        try {
            followEpochs();
        } finally {
            lookout.leave(waiter);
            if (!takeover.isDone() || takeover.isCompletedExceptionally()) {
                held.set(null);
            }
        }
    }

    private void followEpochs() {
        files.sweep();
        new Rehearsal(control.domainDirectory(), name, config).run(rehearsal);
        int failures = 0;
        while (!stopping && !takeover.isDone()) {
            long epoch = servedEpoch();
            if (epoch == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            try {
                if (!followsOn(epoch)) {
                    copyState(epoch);
                }
                held.copy().report(scrubFindings);
                followEpoch(held.copy());
                failures = 0;
            } catch (RuntimeException | Error e) {
                joins.failed(e);
                failures = epoch == servedEpoch() ? failures + 1 : 0;
                if (failures >= JOIN_ATTEMPTS || stopping || isFinal(e)) {
                    throw e;
                }
                LOG.log(System.Logger.Level.INFO, "standby of ''{0}'' begins anew: {1}", name, e);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Whether another attempt would end like this one. */
    private static boolean isFinal(Throwable failure) {
        return failure instanceof AdmissionWait.NotAdmittedException || failure instanceof LayoutMismatchException;
    }

    private long servedEpoch() {
        return TakeoverWord.servedEpoch(control.takeoverWordAcquire(application));
    }

    /** Another one has taken over: goes on with the copy that there is, if it is what that one began with, and can be read meanwhile. */
    private boolean followsOn(long epoch) {
        StandbyCopy current = held.copy();
        if (current == null || !current.canFollowOn() || current.epoch() == epoch) {
            return false;
        }
        try {
            StandbyCopy next = current.followOn(epoch);
            if (next != null) {
                joins.followedOn();
                held.handOver(next);
            }
            return next != null;
        } catch (RuntimeException e) {
            joins.failed(e);
            LOG.log(System.Logger.Level.INFO, "standby of ''{0}'' cannot go on with its copy: {1}", name, e);
            return false;
        }
    }

    private void copyState(long epoch) {
        held.set(null);
        Joiner.Version version = new Joiner.Version(layouts, losses);
        if (isMapping()) {
            held.set(StandbyCopy.map(files, config, epoch, version));
            return;
        }
        AdmissionWait admission = new AdmissionWait(control, name, epoch, () -> stopping || takeover.isDone());
        StandbyCopy made = StandbyCopy.join(files, config, epoch, version, admission);
        joins.copied();
        held.set(made);
    }

    /** Until another epoch serves, the copy is out of date, or this process serves. */
    private void followEpoch(StandbyCopy current) {
        while (!stopping && !takeover.isDone()) {
            CrashPoint.BEFORE_POLL.reached();
            int transactions = held.poll(current, takeover);
            if (transactions == LogReader.LAGGED) {
                return;
            }
            if (current.follower().isConsistent() && !ready.isDone()) {
                ready.complete(null);
            }
            if (transactions == LogReader.ENDED) {
                if (servedEpoch() != current.epoch()) {
                    return;
                }
                LockSupport.parkNanos(BRIEF_PAUSE_NANOS);
            } else if (transactions == CopyHolder.HELD) {
                LockSupport.parkNanos(BRIEF_PAUSE_NANOS);
            } else if (transactions == 0) {
                lookout.idle(waiter, current.follower());
            }
        }
    }

    private void watch() {
        new TakeoverWatch(new TakeoverWatch.Role(control, application, config), held, takeover, follower, () -> stopping).run();
    }

    private void fail(ThaException e) {
        failure = e.getMessage();
        ready.completeExceptionally(e);
        if (!takeover.completeExceptionally(e)) {
            // Nobody waits any more: the service goes on, but what was left to be done after the takeover is not.
            LOG.log(System.Logger.Level.WARNING, "standby of '" + name + "' after its takeover", e);
        }
    }

    @Override
    public void close() {
        stopping = true;
        boolean interrupted = join(follower);
        interrupted |= join(watcher);
        held.set(null);
        takeover.completeExceptionally(new ThaException("standby of '" + name + "' was closed"));
        ready.completeExceptionally(new ThaException("standby of '" + name + "' was closed"));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this thread was interrupted meanwhile. */
    static boolean join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
