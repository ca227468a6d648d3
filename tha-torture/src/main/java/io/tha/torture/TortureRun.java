package io.tha.torture;

import io.tha.testkit.ClassArchive;
import io.tha.torture.NodeProcess.Line;
import io.tha.torture.NodeProcess.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run: nodes, events, judgement. */
public final class TortureRun {
    private static final long PAUSE_NANOS = 300_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(180);
    private static final int KEPT_TRANSCRIPTS = 100;
    private static final String OUTRUN = "Let the active write less for a while";
    private static final Set<Integer> EXPECTED_ENDS = Set.of(0, 128 + NodeProcess.SIGKILL, 128 + NodeProcess.SIGTERM);

    private final TortureOptions options;
    private final Consumer<String> out;
    private final Tally tally = new Tally();
    private final Deque<NodeProcess> ended = new ArrayDeque<>();
    private final RunDirectory directory = new RunDirectory();
    private Cluster cluster;
    private Court court;
    private SealedLogs logs;
    private Events events;
    /** Also by the hook of a JVM that is told to end. */
    private volatile boolean clearing;
    private String verdict = "not noticed | | ";
    private long transactions;
    private long movedNanos = System.nanoTime();
    private long lookedNanos = movedNanos;
    private long shownNanos = movedNanos;

    /** Prepares a run that says what it does, line by line. */
    public TortureRun(TortureOptions options, Consumer<String> out) {
        this.options = options;
        this.out = out;
    }

    /** Runs; whether every check held. */
    public boolean run() {
        Thread hook = new Thread(this::clear);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            torture();
        } catch (TortureException e) {
            tally.add(e.failure());
            fail(e);
            verdict = "`" + e.failure().label() + "` | " + tally.events() + " | " + Math.round(tally.seconds());
        } finally {
            clear();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        out.accept(tally.text(court.transactions()) + " seed=" + options.seed);
        return tally.isGood();
    }

    /** What was found to be wrong, after how many kills, stops and ends and how long; in columns. */
    String verdict() {
        return verdict;
    }

    private void torture() {
        cluster = new Cluster(directory.path(), record(), options, tally);
        court = new Court(directory.path(), cluster, tally, options.seed);
        logs = new SealedLogs(directory.path().resolve("domain"));
        NodeProcess first = start();
        await("the first node starts", () -> first.role == Role.SPARE);
        first.role = Role.JOINING;
        first.tell("OPEN");
        await("the first node serves", () -> first.role == Role.ACTIVE);
        events = new Events(cluster, options);
        long end = System.nanoTime() + (long) (options.minutes() * TimeUnit.MINUTES.toNanos(1));
        while (System.nanoTime() - end < 0 && tally.kills < options.kills) {
            events.next();
            turn();
        }
        new Finish(this, cluster, directory.path(), options.seed).run();
    }

    private ClassArchive record() {
        Path classes = directory.create("classes");
        List<String> arguments = List.of(classes.resolve("recorded").toString(), classes.toString(), "0", "1000,0,false,false");
        return new Recording(classes, new Recording.Kind(TortureNode.class, arguments, "OPEN", "JOIN")).record();
    }

    private NodeProcess start() {
        NodeProcess node = cluster.start();
        court.admit(node);
        return node;
    }

    int wantedStandbys() {
        return events.wantedStandbys();
    }

    /** Goes on without events until something is so. */
    void await(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > STANDSTILL_NANOS) {
                throw new TortureException(Failure.STALLED, what + ": not within " + TimeUnit.NANOSECONDS.toSeconds(STANDSTILL_NANOS) + " s; "
                        + cluster.nodes());
            }
            turn();
        }
    }

    /** One look at everything. */
    private void turn() {
        for (Line line = cluster.lines().poll(); line != null; line = cluster.lines().poll()) {
            said(line.node(), line.text());
        }
        cluster.resume(false);
        if (cluster.wantsSpare()) {
            start();
        }
        cluster.supply(events == null ? 0 : wantedStandbys());
        court.session();
        long now = System.nanoTime();
        if (now - lookedNanos > LOOK_NANOS) {
            lookedNanos = now;
            cluster.noticeStops();
            logs.check();
            requireMovement(now);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private void requireMovement(long now) {
        if (court.transactions() != transactions) {
            transactions = court.transactions();
            movedNanos = now;
        }
        if (now - movedNanos > STANDSTILL_NANOS && events != null) {
            throw new TortureException(Failure.STALLED, "nothing was committed for " + TimeUnit.NANOSECONDS.toSeconds(STANDSTILL_NANOS) + " s; "
                    + cluster.nodes());
        }
        if (now - shownNanos > PROGRESS_NANOS) {
            shownNanos = now;
            out.accept(tally.text(court.transactions()));
        }
    }

    private void said(NodeProcess node, String line) {
        if (line.equals(NodeProcess.END)) {
            ends(node);
            return;
        }
        String word = line.split(" ", 2)[0];
        if (!word.equals("OUTCOME")) {
            node.remember(line);
        }
        switch (word) {
            case "SPARE" -> node.role = Role.SPARE;
            case "READY" -> node.role = node.role == Role.JOINING ? Role.STANDBY : node.role;
            case "SERVING" -> serves(node, Long.parseLong(line.substring("SERVING ".length())));
            case "FENCED" -> node.role = Role.JOINING;
            case "OUTCOME" -> court.answered(node, line);
            case "GAVE" -> gaveUp(node, line);
            case "WRONG" -> throw new TortureException(Failure.of(line), node + ": " + line);
            default -> {
                if (line.contains("CorruptRegionException") || line.contains("was damaged, and is")) {
                    throw new TortureException(Failure.DAMAGED, node + ": " + line);
                }
            }
        }
    }

    /** A standby may be too slow for the active; nothing else is a reason. */
    private void gaveUp(NodeProcess node, String line) {
        if (!line.contains(OUTRUN)) {
            throw new TortureException(Failure.FAILED, node + ": " + line);
        }
        out.accept(node + ": " + line);
    }

    private void serves(NodeProcess node, long epoch) {
        node.role = Role.ACTIVE;
        node.epoch = epoch;
        tally.takeovers++;
        logs.serves(epoch);
        if (events != null) {
            events.postpone();
        }
    }

    private void ends(NodeProcess node) {
        if (clearing) {
            return;
        }
        int status = node.awaitExit();
        cluster.ended(node);
        court.dismiss(node);
        ended.add(node);
        if (ended.size() > KEPT_TRANSCRIPTS) {
            ended.remove();
        }
        if (status == 128 + NodeProcess.SIGKILL) {
            tally.kills++;
            tally.selfKills += node.wasSent(NodeProcess.SIGKILL) ? 0 : 1;
        }
        tally.switchovers += status == 128 + NodeProcess.SIGTERM && node.role == Role.ACTIVE ? 1 : 0;
        tally.gaveUp += status == TortureNode.GAVE_UP_STATUS ? 1 : 0;
        if (!EXPECTED_ENDS.contains(status) && status != TortureNode.GAVE_UP_STATUS || node.wasKilledUnforeseen(status)) {
            throw new TortureException(Failure.FAILED, node + " ended of itself with status " + status);
        }
    }

    private void fail(TortureException e) {
        ended.addAll(cluster.nodes());
        new Evidence(options, out).keep(e, Math.round(tally.seconds()) + " s and " + tally.kills + " kills", List.copyOf(ended));
    }

    private synchronized void clear() {
        clearing = true;
        if (cluster != null) {
            cluster.close();
        }
        if (logs != null) {
            logs.close();
        }
        try {
            directory.delete();
        } catch (IOException e) {
            out.accept("directory " + directory.path() + " was removed in part: " + e.getMessage());
        }
    }
}
