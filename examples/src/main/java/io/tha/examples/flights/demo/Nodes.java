package io.tha.examples.flights.demo;

import io.tha.examples.process.NodeProcess;
import io.tha.examples.process.RunDirectory;
import io.tha.tracker.TrackerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of a run, and the directory in which they meet; both are gone when it is closed, or the driver ends.
 *
 * <p>Threads: one.
 */
final class Nodes implements AutoCloseable {
    private static final List<String> FLAGS = List.of("-Xmx1g");
    private static final long PAUSE_NANOS = 20_000;
    private static final long PROGRESS_NANOS = 1_000_000_000L;
    private static final long STANDSTILL_NANOS = 60 * PROGRESS_NANOS;

    private final DemoOptions options;
    private final RunDirectory directory;
    private final Board board;
    private final List<NodeProcess> processes = new ArrayList<>();

    /**
     * Creates the directory.
     *
     * @param most processes that may be started
     * @throws IllegalArgumentException if the options ask for what the service cannot do
     */
    Nodes(DemoOptions options, int most) {
        if (options.tracker == TrackerKind.APPLICATION) {
            throw new IllegalArgumentException("tracker APPLICATION: the example service does not name what it changes; choose another one");
        }
        this.options = options;
        directory = RunDirectory.create("tha-demo-");
        board = Board.open(directory.resolve("board"), most);
    }

    /** Starts a process with a version of the service. */
    NodeProcess start(String role, int version) {
        NodeProcess process = NodeProcess.start(new NodeProcess.Launch(FlightsNode.class, FLAGS, List.of(
                role,
                directory.resolve("domain").toString(),
                options.input.toAbsolutePath().toString(),
                directory.resolve("board").toString(),
                Long.toString(options.rate()),
                options.tracker.name(),
                Long.toString((long) options.poolMib << 20),
                Integer.toString(version),
                Integer.toString(processes.size()))));
        processes.add(process);
        return process;
    }

    /** Up to how many flights the active may go. */
    void limit(long flights) {
        board.limit(flights);
    }

    /**
     * Kills the active, and waits until the standby serves.
     *
     * @param event at which it was due
     */
    Kill strike(NodeProcess active, NodeProcess standby, long event) throws InterruptedException {
        long killed = System.nanoTime();
        active.kill();
        String serving = standby.await("SERVING");
        active.awaitKilled();
        // Only now: a thread of the killed process may have committed until the very end, and all that it was told must be there.
        return Kill.of(event, position(active), killed, serving);
    }

    /** Waits until a process has committed so many flights; one that ends of itself before that, or stands still, is an error and no kill. */
    void awaitPosition(NodeProcess active, long position) {
        long shown = System.nanoTime();
        long moved = shown;
        long last = -1;
        for (long now = position(active); now < position; now = position(active)) {
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

    /** How many flights a process has said to be committed. */
    private long position(NodeProcess process) {
        return board.position(processes.indexOf(process));
    }

    /** Its state, from names of objects to their contents. */
    SortedMap<String, String> dump(NodeProcess node) throws InterruptedException {
        Path file = directory.resolve("state.txt");
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

    /** The state of a standby of which the active does nothing any more: it applies the last of it a moment later. */
    SortedMap<String, String> dump(NodeProcess standby, SortedMap<String, String> expected) throws InterruptedException {
        SortedMap<String, String> state = dump(standby);
        for (int attempt = 0; attempt < 100 && !state.equals(expected); attempt++) {
            LockSupport.parkNanos(PROGRESS_NANOS / 100);
            state = dump(standby);
        }
        return state;
    }

    /** What a standby's version could not hold of its active's state. */
    String losses(NodeProcess standby) throws InterruptedException {
        standby.say("LOSSES");
        return standby.await("LOSSES").substring("LOSSES ".length());
    }

    @Override
    public void close() {
        processes.forEach(NodeProcess::close);
        directory.close();
    }
}
