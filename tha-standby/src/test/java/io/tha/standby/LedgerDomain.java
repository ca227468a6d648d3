package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.StandbyMode;
import io.tha.capture.Snapshot;
import io.tha.pool.ThaPool;
import io.tha.testkit.ClassArchive;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.ForkedJvmBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/** The processes of one test with {@link LedgerNode}, and what must be true of them. */
final class LedgerDomain implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** Nor a file of performance data in /tmp, whose name would be the same for all that are process 1 of a namespace. */
    private static final String[] LEAN = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "-XX:-UsePerfData"};

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    static {
        shareClasses();
    }


    private final DomainDirectory directory;
    private final DomainDirectory marksDirectory = DomainDirectory.create();
    private final List<Node> nodes = new ArrayList<>();
    private final int largeEvery;
    private List<String> launcher;
    private final LedgerModel model;
    private Snapshot snapshot = Snapshot.IMAGE;
    private StandbyMode mode = StandbyMode.COPY;
    private boolean alone;
    private long leaseMillis;
    private int ringLength = LedgerNode.RING_LENGTH;
    private final List<String> jvmArgs = new ArrayList<>();

    /** A domain whose ledger has a large transaction at every multiple of a number. */
    LedgerDomain(int largeEvery) {
        this(largeEvery, List.of());
    }

    /** The same in a directory of a file system of the caller's. */
    LedgerDomain(int largeEvery, Path parent) {
        this(largeEvery, List.of(), DomainDirectory.createBelow(parent));
    }

    /** The same with nodes that are started through a command, as {@link ForkedJvmBuilder#through} describes it. */
    LedgerDomain(int largeEvery, List<String> launcher) {
        this(largeEvery, launcher, DomainDirectory.create());
    }

    private LedgerDomain(int largeEvery, List<String> launcher, DomainDirectory directory) {
        this.directory = directory;
        this.largeEvery = largeEvery;
        this.launcher = launcher;
        model = new LedgerModel(largeEvery);
    }

    /** All nodes of all tests load the classes of one that has followed, taken over and served. */
    private static void shareClasses() {
        ClassArchive archive = new ClassArchive(DomainDirectory.create().path());
        try (DomainDirectory directory = DomainDirectory.create()) {
            ForkedJvm node = ForkedJvm.of(LedgerNode.class)
                    .args(directory, directory.resolve("marks"), "rehearsal", 1, false)
                    .jvmArgs(LEAN)
                    .recording(archive)
                    .start();
            node.awaitExit(DEADLINE);
        }
        archive.share();
    }

    /** A process, and what it told the world. */
    record Node(ForkedJvm process, LedgerMarks marks) {
        boolean hasPrinted(String prefix) {
            return process.lines().stream().anyMatch(line -> line.startsWith(prefix));
        }
    }

    /** From now on nodes keep this of the committed state. */
    LedgerDomain with(Snapshot kind) {
        snapshot = kind;
        return this;
    }

    /** From now on standbys keep this of the state. */
    LedgerDomain with(StandbyMode kept) {
        mode = kept;
        return this;
    }

    /** From now on nodes make transactions also without a standby. */
    LedgerDomain alone() {
        alone = true;
        return this;
    }

    /** From now on nodes are started through this command. */
    LedgerDomain through(List<String> command) {
        launcher = command;
        return this;
    }

    /** From now on standbys take over from an active that hangs for so long; otherwise only from a dead one. */
    LedgerDomain withLease(long millis) {
        leaseMillis = millis;
        return this;
    }

    /** From now on actives have a ring of so many bytes. */
    LedgerDomain withRing(int length) {
        ringLength = length;
        return this;
    }

    /** From now on nodes have this system property. */
    LedgerDomain with(String property, Object value) {
        jvmArgs.add("-D" + property + "=" + value);
        return this;
    }

    /** From now on a node that crashes leaves nothing behind but its exit code. */
    LedgerDomain expectingCrashes() {
        jvmArgs.addAll(List.of("-XX:ErrorFile=" + marksDirectory.resolve("hs_err"), "-XX:-CreateCoredumpOnCrash"));
        return this;
    }

    Node start(String role) {
        return start(role, false, "");
    }

    /** A node that waits for GO before it makes transactions. */
    Node startWaiting(String role) {
        return start(role, true, "");
    }

    /**
     * Starts a node.
     *
     * @param waits whether it waits for GO before it makes transactions
     * @param crashPoint where it dies or stops, as {@link io.tha.memory.CrashPoint} reads it; empty for nowhere
     */
    Node start(String role, boolean waits, String crashPoint) {
        Path file = marksDirectory.resolve("marks-" + nodes.size());
        ForkedJvmBuilder builder = ForkedJvm.of(LedgerNode.class).args(directory, file, role, largeEvery, waits).deadline(DEADLINE);
        builder.through(launcher).jvmArgs(LEAN).property("tha.crashPoint", crashPoint);
        builder.property(LedgerNode.SNAPSHOT_PROPERTY, snapshot).property(LedgerNode.ALONE_PROPERTY, alone);
        builder.property(LedgerNode.LEASE_PROPERTY, leaseMillis).property(LedgerNode.MODE_PROPERTY, mode);
        builder.property(LedgerNode.RING_PROPERTY, ringLength);
        builder.jvmArgs(jvmArgs.toArray(String[]::new));
        Node node = new Node(builder.start(), new LedgerMarks(file));
        nodes.add(node);
        return node;
    }

    Path path() {
        return directory.path();
    }

    /** Waits for the first of these nodes that is the active. */
    static Node awaitActive(List<Node> candidates) {
        Node[] found = new Node[1];
        await("one of " + candidates + " becomes the active", () -> {
            found[0] = candidates.stream().filter(node -> node.hasPrinted("STATE ")).findFirst().orElse(null);
            candidates.stream().filter(node -> !node.process.isAlive()).forEach(node -> node.process.awaitLine("STATE "));
            return found[0] != null;
        });
        return found[0];
    }

    static void awaitAcknowledged(Node node, long k) {
        await("transaction " + k + " of " + node.process, () -> {
            assertTrue(node.process.isAlive(), () -> node.process + " ended:" + node.process.output());
            return node.marks.acknowledged() >= k;
        });
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, () -> "not within " + DEADLINE + ": " + what);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What a query finds, or something else where there is no copy to read: a standby may have to begin anew at any moment. */
    static <T> T readOr(T otherwise, ThaStandby standby, Function<ThaPool, T> query) {
        try {
            return standby.read(query);
        } catch (IllegalStateException e) {
            return otherwise;
        }
    }

    /** What a node has when it takes over: all that its predecessor acknowledged, at most what it began, whole transactions, in their order. */
    State verify(Node successor, Node dead) {
        State state = State.of(successor.process.awaitLine("STATE "));
        long k = state.k();
        long acknowledged = dead.marks.acknowledged();
        assertTrue(k >= acknowledged, () -> "transaction " + acknowledged + " was acknowledged, the state of epoch " + state.epoch() + " has "
                + k + " of them");
        long started = Math.max(dead.marks.started(), acknowledged);
        assertTrue(k <= started, () -> "transaction " + started + " was begun last, the state has " + k + " of them");
        verify(state);
        return state;
    }

    /** That a state is the one that its number of transactions gives. */
    void verify(State state) {
        assertEquals(model.advanceTo(state.k()).text().replace(";", "\n"), state.text().replace(";", "\n"));
        assertEquals(0, state.scratch(), "local fields were replicated");
    }

    /** A line that a node has printed. */
    record State(long epoch, long scratch, String text) {
        static State of(String line) {
            String[] parts = line.split(" ", 4);
            return new State(Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
        }

        /** How many transactions it has. */
        long k() {
            return text.isEmpty() ? 0 : Stream.of(text.split(";", -1))
                    .filter(line -> line.startsWith("ledger "))
                    .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no ledger in " + text));
        }
    }

    List<String> files() {
        try (Stream<Path> files = Files.list(directory.path())) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(LedgerNode.APPLICATION + ".")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (Node node : nodes) {
            node.process.close();
            node.marks.close();
        }
        directory.close();
        marksDirectory.close();
    }
}
