package io.tha.torture.coordinated;

import io.tha.active.StandbyMode;
import io.tha.torture.Evidence;
import io.tha.torture.Failure;
import io.tha.torture.RunDirectory;
import io.tha.torture.TortureException;
import io.tha.torture.TortureOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One run with several applications that commit together: events, joint reads, and pauses in which all is compared.
 *
 * <p>Threads: one.
 */
public final class CoordinatedRun {
    private static final int APPLICATIONS = 4;
    private static final int KILLS_BETWEEN_PAUSES = 10;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final TortureOptions options;
    private final Consumer<String> out;
    private final CoordinatedTally tally = new CoordinatedTally();
    private final RunDirectory directory = new RunDirectory();
    private final Verdicts verdicts = new Verdicts(APPLICATIONS);
    private CoordinatedCluster cluster;
    private JointReads reads;
    private long shownNanos = System.nanoTime();
    private long lastReads;
    private long lastSeen;
    private long readNanos;
    private long committedNanos;

    /** Prepares a run that says what it does, line by line. */
    public CoordinatedRun(TortureOptions options, Consumer<String> out) {
        this.options = options;
        this.out = out;
    }

    /** Runs; whether every check held. */
    public boolean run() {
        Thread hook = new Thread(this::clear);
        Runtime.getRuntime().addShutdownHook(hook);
        CoordinatedCluster.Setup setup = new CoordinatedCluster.Setup(APPLICATIONS, StandbyMode.COPY, options.seed, List.of());
        cluster = new CoordinatedCluster(setup, directory, CoordinatedCluster.record(directory), tally);
        reads = new JointReads(cluster, verdicts, ~options.seed);
        try {
            torture();
        } catch (TortureException e) {
            tally.add(e.failure());
            new Evidence(options, out).keep(e, Math.round(tally.seconds()) + " s and " + tally.kills + " kills", cluster.everyMember());
        } finally {
            reads.end();
            clear();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        out.accept(tally.text(verdicts, reads) + " seed=" + options.seed);
        return tally.isGood();
    }

    private void torture() {
        try (Rest rest = new Rest(cluster, verdicts)) {
            open();
            CoordinatedEvents events = new CoordinatedEvents(cluster, reads, options.seed);
            long end = System.nanoTime() + (long) (options.minutes() * TimeUnit.MINUTES.toNanos(1));
            long looked = 0;
            while (System.nanoTime() - end < 0 && tally.kills < options.kills) {
                events.next();
                cluster.turn();
                check();
                if (tally.kills - looked >= KILLS_BETWEEN_PAUSES) {
                    looked = tally.kills;
                    look(rest);
                }
            }
            finish(rest);
        }
    }

    private void open() {
        List<Member> first = IntStream.range(0, APPLICATIONS).mapToObj(application -> cluster.start("")).toList();
        for (Member member : first) {
            cluster.open(member, first.indexOf(member));
        }
        cluster.supply(1);
        cluster.order(CoordinatedCluster.GO);
        cluster.await("all have a standby", cluster::isSettled);
        cluster.arm(true);
        readNanos = System.nanoTime();
        committedNanos = readNanos;
        reads.start();
    }

    private void look(Rest rest) {
        rest.look();
        tally.pauses++;
        check();
    }

    private void check() {
        reads.check();
        long now = System.nanoTime();
        if (reads.reads() != lastReads) {
            lastReads = reads.reads();
            readNanos = now;
        }
        if (verdicts.seen() != lastSeen) {
            lastSeen = verdicts.seen();
            committedNanos = now;
        }
        if (now - committedNanos > STANDSTILL_NANOS) {
            throw new TortureException(Failure.STALLED, "nothing was committed for " + TimeUnit.NANOSECONDS.toSeconds(STANDSTILL_NANOS) + " s; "
                    + cluster.members());
        }
        if (now - readNanos > STANDSTILL_NANOS) {
            throw new TortureException(Failure.STALLED, "no standbys could be read together for " + TimeUnit.NANOSECONDS.toSeconds(STANDSTILL_NANOS)
                    + " s; " + reads.lastRepeated() + "; " + cluster.members());
        }
        if (now - shownNanos > PROGRESS_NANOS) {
            shownNanos = now;
            out.accept(tally.text(verdicts, reads));
        }
    }

    /** Nobody is lost in the end, when each application is served by another process, and goes on. */
    private void finish(Rest rest) {
        cluster.arm(false);
        look(rest);
        for (int application = 0; application < APPLICATIONS; application++) {
            cluster.kill(cluster.active(application));
        }
        look(rest);
        long before = verdicts.seen();
        cluster.await("more is committed", () -> verdicts.seen() > before);
        look(rest);
        reads.end();
        reads.check();
        cluster.end();
    }

    private synchronized void clear() {
        if (cluster != null) {
            cluster.close();
        }
        try {
            directory.delete();
        } catch (IOException e) {
            out.accept("directory " + directory.path() + " was removed in part: " + e.getMessage());
        }
    }
}
