package io.tha.takeover;

import io.tha.Intent;
import io.tha.ThaException;
import io.tha.active.SlowStandby;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.follow.Follower;
import io.tha.follow.Joiner;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.memory.CrashPoint;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogConfig;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.PrivateTransactionIds;
import io.tha.region.ReaderSlots;
import io.tha.region.TailSealer;
import io.tha.region.TakeoverWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A takeover, a service and a standby that follows it, all of no consequence, before the real ones: it loads their classes and warms up their code,
 * so that neither the log's last transactions nor the first commit after a takeover are the first ones that the JVM sees.
 */
public final class Rehearsal {
    private static final long LEAST_POOL_BYTES = 1 << 20;
    private static final long MOST_POOL_BYTES = 16 << 20;
    private static final long RING_BYTES = 1 << 20;
    private static final long SMALL_RING_BYTES = 64 << 10;
    /** The system property shortens it for tests that start many standbys. */
    private static final long ENGINE_NANOS = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("tha.rehearsalMillis", 300));
    private static final Duration ADMISSION_TIMEOUT = Duration.ofSeconds(10);
    private static final int OBJECTS = 64;
    /** A JVM compiles what was called some hundred times; what a takeover does once would take longer to interpret than to do. */
    private static final int TIMES = 1_000;

    private static final Layout UNDECIDED =
            Layout.named("tha-undecided").int64("number").pointer("other").utf8("text", 16).build();
    /** Of so many transactions one sends its changes early. */
    private static final int FLUSHES = 32;

    private static final byte[] REQUEST = new byte[32];
    private static final Intent INTENT = new Intent(0, 0, REQUEST);

    private final Path domainDirectory;
    private final String name;
    private final ThaConfig config;

    /** With files beside the application's, which are removed again. */
    public Rehearsal(Path domainDirectory, String name, ThaConfig config) {
        this.domainDirectory = domainDirectory;
        this.name = name;
        this.config = config.toBuilder()
                .poolBytes(Math.max(LEAST_POOL_BYTES, Math.min(MOST_POOL_BYTES, config.poolBytes())))
                .ringBytes(RING_BYTES)
                .auditEvery(0)
                .scrubShare(0)
                // A follower that gets no processor for a while is of no consequence here.
                .slowStandby(SlowStandby.DROP)
                .build();
    }

    /** Becomes an active that nobody sees, serves, and leaves nothing behind. */
    public void run(Consumer<ThaApplication> service) {
        CrashPoint.without(() -> perform(service));
    }

    private void perform(Consumer<ThaApplication> service) {
        DomainFiles files = new DomainFiles(ControlFile.open(domainDirectory), name);
        Path pool = files.newPool();
        Path copy = files.newPool();
        Path log = files.newPreparedLog();
        nameLogs(files);
        try (ThaPool served = ThaPool.create(pool, config.poolBytes());
                ThaPool copied = ThaPool.create(copy, config.poolBytes());
                OutcomeTable table = OutcomeTable.create(files.outcomes(pool));
                Successor successor = Successor.prepare(
                        files, new Successor.Copy(served, table), config, RING_BYTES, new PrivateTransactionIds());
                ThaApplication application = successor.promote(TakeoverWalk.rehearsal(), log, new Successor.Cut(List.of(INTENT), true))) {
            Takeover takeover = new Takeover(application, List.of(INTENT), List.of(), 0, 0, 0, System.nanoTime());
            FutureTask<Void> following = new FutureTask<>(() -> follow(files, log, copied), null);
            new Thread(following, "tha-rehearsal").start();
            try {
                admit(application, following);
                service.accept(takeover.application());
                leaveUndecided(application);
            } finally {
                successor.seal();
                join(following);
            }
        } finally {
            List.of(pool, copy, files.outcomes(pool), files.outcomes(copy)).forEach(Rehearsal::delete);
            // Also the segments of what it has left undecided.
            files.deletePrepared(log);
        }
    }

    /** The step to OPENED. */
    private static void nameLogs(DomainFiles files) {
        Path[] paths = {files.newPreparedLog(), files.newPreparedLog()};
        LogFile log = LogFile.prepare(paths[0], new LogConfig(SMALL_RING_BYTES, true));
        try {
            for (int i = 1; i <= TIMES; i++) {
                TakeoverWalk.rehearsal().open(log, paths[i & 1], "tha-rehearsal");
            }
        } finally {
            log.close();
            delete(log.path());
        }
    }

    /** Where there is no image, the follower waits for it. */
    private static void admit(ThaApplication application, FutureTask<Void> following) {
        while ((application.standbys() == 0 || application.waitingStandbys() > 0) && !following.isDone()) {
            if (application.waitingStandbys() > 0) {
                application.admitStandbys(ADMISSION_TIMEOUT);
            }
        }
    }

    private static void follow(DomainFiles files, Path log, ThaPool copy) {
        LogFile opened = LogFile.open(log);
        ReaderSlots readers = new ReaderSlots(opened, slot -> false);
        Joiner joiner = new Joiner(readers, files.control().processSlot(), Joiner.Version.undeclared(), Thread::onSpinWait);
        Path outcomes = files.outcomes(copy.structure().memory().path());
        try (OutcomeTable table = OutcomeTable.create(outcomes);
                Follower follower = Follower.join(opened, files, joiner, copy.structure(), table)) {
            poll(follower);
            end(follower);
        } finally {
            delete(outcomes);
        }
    }

    private static void poll(Follower follower) {
        int transactions = 0;
        while (transactions >= 0) {
            transactions = follower.poll();
            if (transactions == 0) {
                follower.idle();
            }
        }
    }

    /** What a successor looks at before it serves. */
    private static void end(Follower follower) {
        for (int i = 0; i < TIMES; i++) {
            follower.isFirst();
            TailSealer.seal(follower.log());
            follower.undecidedChanges(OBJECTS);
            follower.abortUndecided();
            follower.intents();
        }
    }

    private static void join(FutureTask<Void> following) {
        try {
            following.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ThaException("a rehearsal was interrupted", e);
        } catch (ExecutionException e) {
            throw new ThaException("the standby of a rehearsal failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ThaException("file '" + file + "' of a rehearsal cannot be removed: " + e, e);
        }
    }

    /** Leaves what a process leaves that dies in a transaction: the successor makes lists of it. After the service, which need not know of it. */
    private static void leaveUndecided(ThaApplication application) {
        ThaPool pool = application.pool();
        application.register(UNDECIDED);
        long kept;
        try (Transaction transaction = application.begin()) {
            kept = pool.allocateDynamic(UNDECIDED);
            transaction.commit();
        }
        Transaction open = application.begin();
        open.intent(REQUEST);
        UNDECIDED.int64Field("number").set(pool, kept, 1);
        UNDECIDED.pointerField("other").set(pool, kept, pool.allocateDynamic(UNDECIDED));
        UNDECIDED.utf8Field("text").set(pool, kept, "undecided");
        open.flush();
    }

    /** What every service does: objects, pointers, commits and aborts. */
    public static void engine(ThaApplication application) {
        Layout layout = Layout.named("tha-rehearsal").int64("number").pointer("other").bytes("rest", 48).build();
        LongField number = layout.int64Field("number");
        PointerField other = layout.pointerField("other");
        ThaPool pool = application.pool();
        application.register(layout);
        long[] objects = new long[OBJECTS];
        long end = System.nanoTime() + ENGINE_NANOS;
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            int at = i % OBJECTS;
            try (Transaction transaction = application.begin()) {
                if (objects[at] != 0) {
                    pool.delete(objects[at]);
                }
                objects[at] = (i & 1) == 0 ? pool.allocate(layout, "rehearsal/" + i) : pool.allocateDynamic(layout, "rehearsal");
                other.set(pool, objects[at], objects[(at + 1) % OBJECTS]);
                number.set(pool, objects[at], i);
                transaction.commit();
            }
            try (Transaction transaction = application.begin(0)) {
                transaction.intent(REQUEST);
                number.add(pool, objects[at], 1);
                transaction.changed(objects[at], number);
                if (i % FLUSHES == 0) {
                    transaction.flush();
                }
                if (application.canAbort()) {
                    transaction.abort();
                } else {
                    transaction.commit();
                }
            }
        }
        for (long object : objects) {
            if (object != 0) {
                pool.delete(object);
            }
        }
        try (Transaction transaction = application.begin()) {
            transaction.acknowledge(INTENT);
            transaction.commit();
        }
    }
}
