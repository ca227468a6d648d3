package io.tha.examples.flights.demo;

import io.tha.examples.flights.FlightFile;
import io.tha.tracker.TrackerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One run: two processes, kills, comparison. */
public final class DemoRun {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** How far the active may run beyond the event of a kill, so that it dies at work. */
    private static final long OVERRUN = 5_000;

    private static final long PAUSE_NANOS = 20_000;
    private static final long PROGRESS_NANOS = 1_000_000_000L;
    /** Of a process that was ended by SIGKILL, as the JDK tells it. */
    private static final int KILLED_STATUS = 128 + 9;

    private static final long STANDSTILL_NANOS = 60 * PROGRESS_NANOS;
    private static final int WORST_AIRPORTS = 10;

    private final DemoOptions options;
    private final List<Kill> kills = new ArrayList<>();
    private Path directory;
    private Board board;
    private final List<NodeProcess> processes = new ArrayList<>();

    public DemoRun(DemoOptions options) {
        this.options = options;
    }

    /** Runs; 0 if nothing was lost or duplicated and the state is right. */
    public int run() {
        if (options.tracker == TrackerKind.APPLICATION) {
            throw new IllegalArgumentException("tracker APPLICATION: the example service does not name what it changes; choose another one");
        }
        FlightFile flights = FlightFile.load(options.input);
        long[] plan = KillPlan.draw(options.seed, options.kills, flights.size());
        System.out.printf(
                "%,d flights from %s, %d kills, seed %d, tracker %s%n", flights.size(), options.input, plan.length, options.seed, options.tracker);
        createDirectory();
        try {
            Map<String, SortedMap<String, String>> states = serve(flights, plan);
            Reference reference = Reference.of(flights);
            return report(new Verdict(flights.size(), plan.length, kills, reference.text(), states), reference);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            processes.forEach(NodeProcess::close);
            removeDirectory();
        }
    }

    private Map<String, SortedMap<String, String>> serve(FlightFile flights, long[] plan) throws InterruptedException {
        NodeProcess active = start("active");
        active.await("READY");
        NodeProcess standby = start("standby");
        for (int i = 0; i < plan.length; i++) {
            standby.await("READY");
            System.out.printf("kill %d of %d is due at event %,d; active and standby are ready%n", i + 1, plan.length, plan[i]);
            long next = i + 1 < plan.length ? plan[i + 1] - 1 : flights.size();
            board.limit(Math.max(plan[i], Math.min(next, plan[i] + OVERRUN)));
            awaitPosition(active, plan[i]);
            Kill kill = strike(active, standby, plan[i]);
            kills.add(kill);
            System.out.printf(
                    "  killed at %,d; the standby found %,d, was handed %d in flight, and committed after %.3f ms%n",
                    kill.committed(),
                    kill.found(),
                    kill.handedBack(),
                    kill.firstCommitMillis());
            active = standby;
            standby = start("standby");
        }
        standby.await("READY");
        board.limit(flights.size());
        awaitPosition(active, flights.size());
        active.await("DONE");
        Map<String, SortedMap<String, String>> states = new LinkedHashMap<>();
        states.put("active", dump(active, "active"));
        states.put("standby", dumpAtEnd(standby, states.get("active")));
        return states;
    }

    private Kill strike(NodeProcess active, NodeProcess standby, long event) throws InterruptedException {
        long killed = System.nanoTime();
        active.kill();
        String serving = standby.await("SERVING");
        int status = active.awaitEnd();
        if (status != KILLED_STATUS) {
            throw new IllegalStateException("the active ended with status " + status + " before it was killed; it said:\n" + active.said());
        }
        // Only now: a thread of the killed process may have committed until the very end, and all that it was told must be there.
        return Kill.of(event, board.position(active.number()), killed, serving);
    }

    /** The standby applies what the active has committed a moment later. */
    private SortedMap<String, String> dumpAtEnd(NodeProcess standby, SortedMap<String, String> active) throws InterruptedException {
        SortedMap<String, String> state = dump(standby, "standby");
        for (int attempt = 0; attempt < 100 && !state.equals(active); attempt++) {
            LockSupport.parkNanos(PROGRESS_NANOS / 100);
            state = dump(standby, "standby");
        }
        return state;
    }

    private NodeProcess start(String role) {
        NodeProcess process = NodeProcess.start(processes.size(), List.of(
                role,
                directory.resolve("domain").toString(),
                options.input.toAbsolutePath().toString(),
                directory.resolve("board").toString(),
                Long.toString(options.rate),
                options.tracker.name(),
                Long.toString((long) options.poolMib << 20)));
        processes.add(process);
        return process;
    }

    /** Waits until a process has committed so many flights; one that ends of itself before that, or stands still, is an error and no kill. */
    private void awaitPosition(NodeProcess active, long position) {
        long shown = System.nanoTime();
        long moved = shown;
        long last = -1;
        for (long now = board.position(active.number()); now < position; now = board.position(active.number())) {
            long nanos = System.nanoTime();
            if (!active.isAlive()) {
                throw new IllegalStateException(
                        "the active ended of itself at " + now + ", before event " + position + "; it said:\n" + active.said());
            }
            moved = now == last ? moved : nanos;
            last = now;
            if (nanos - moved > STANDSTILL_NANOS) {
                throw new IllegalStateException("the active has committed nothing since " + now + " for " + STANDSTILL_NANOS / PROGRESS_NANOS
                        + " s, event " + position + " is due; it said:\n" + active.said());
            }
            if (nanos - shown > PROGRESS_NANOS) {
                shown = nanos;
                System.out.printf("  %,d flights committed%n", now);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private SortedMap<String, String> dump(NodeProcess node, String name) throws InterruptedException {
        Path file = directory.resolve(name + ".txt");
        node.say("DUMP " + file);
        node.await("DUMPED");
        SortedMap<String, String> lines = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int tab = line.indexOf('\t');
                lines.put(line.substring(0, tab), line.substring(tab + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + file + "' cannot be read", e);
        }
        return lines;
    }

    private static int report(Verdict verdict, Reference reference) {
        System.out.println();
        System.out.print(reference.worstAirports(WORST_AIRPORTS));
        System.out.println();
        System.out.print(verdict.killTable());
        verdict.differences().forEach(System.out::println);
        System.out.println(verdict.line());
        return verdict.isGood() ? 0 : 1;
    }

    private void createDirectory() {
        Path parent = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        try {
            directory = Files.createTempDirectory(
                    parent, "tha-demo-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("no directory can be created below " + parent, e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::removeDirectory));
        board = Board.open(directory.resolve("board"), options.kills + 2);
    }

    private synchronized void removeDirectory() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("directory " + directory + " was removed in part: " + e.getMessage());
        }
    }
}
