package io.tha.torture;

import io.tha.memory.CrashPoint;
import io.tha.testkit.ClassArchive;
import io.tha.torture.NodeProcess.Line;
import io.tha.torture.NodeProcess.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * The nodes of a run: starts them ahead, lets them join, signals them, and notices how they end.
 *
 * <p>Threads: one.
 */
final class Cluster {
    private static final int SPARES = 2;
    private static final CrashPoint[] POINTS = CrashPoint.values();
    private static final Set<CrashPoint> OFTEN = EnumSet.of(CrashPoint.AFTER_CHECK_BEFORE_APPLY, CrashPoint.BEFORE_POLL);
    private static final int ONE_IN = 5;
    private static final int MOST_PASSAGES = 400;

    private final Path domain;
    private final Path journals;
    private final ClassArchive archive;
    private final TortureOptions options;
    private final Tally tally;
    private final SplittableRandom random;
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private int started;
    /** Whether new nodes get crash points. */
    private boolean arming = true;
    private boolean supplies = true;

    /** A cluster with its domain and its journals in a directory. */
    Cluster(Path directory, ClassArchive archive, TortureOptions options, Tally tally) {
        domain = directory.resolve("domain");
        journals = directory;
        this.archive = archive;
        this.options = options;
        this.tally = tally;
        random = new SplittableRandom(options.seed);
    }

    /** What the nodes have said since. */
    Queue<Line> lines() {
        return lines;
    }

    /** Those that have not ended. */
    List<NodeProcess> nodes() {
        return nodes;
    }

    List<NodeProcess> nodes(Predicate<NodeProcess> which) {
        return nodes.stream().filter(which).toList();
    }

    /** The one that took over last, or null. */
    NodeProcess active() {
        NodeProcess active = null;
        for (NodeProcess node : nodes) {
            if (node.role == Role.ACTIVE && (active == null || node.epoch > active.epoch)) {
                active = node;
            }
        }
        return active;
    }

    void disarm() {
        arming = false;
    }

    /** Starts a node; returns it, for its journals. */
    NodeProcess start() {
        int number = started++;
        List<String> arguments = List.of(
                domain.toString(), journals.toString(), Long.toString(options.seed), NodeOptions.draw(random).toString(), Integer.toString(number));
        List<String> flags = new ArrayList<>(archive.flags());
        if (options.broken != null) {
            flags.add("-Dtha.break=" + options.broken);
        }
        String crashPoint = number > 0 && arming ? drawCrashPoint() : "";
        JvmProcess.Launch launch = new JvmProcess.Launch(TortureNode.class, archive.classPath(), flags, arguments, crashPoint);
        NodeProcess node = NodeProcess.start(number, launch, lines);
        nodes.add(node);
        return node;
    }

    private String drawCrashPoint() {
        if (random.nextInt(ONE_IN) == 0) {
            return "";
        }
        CrashPoint point = POINTS[random.nextInt(POINTS.length)];
        boolean isPassedOften = point.compareTo(CrashPoint.AFTER_OFFERED) < 0 || OFTEN.contains(point);
        // Evenly over the magnitudes: in the first moments, and late.
        int passage = isPassedOften ? 1 + random.nextInt(1 + random.nextInt(MOST_PASSAGES)) : 1;
        return point + ":" + passage + ":" + (point == CrashPoint.BEFORE_POLL ? "PAUSE" : random.nextInt(2) == 0 ? "KILL" : "STOP");
    }

    /** From now on no node is started. */
    void endSupply() {
        supplies = false;
    }

    /** Whether another spare node should be started. */
    boolean wantsSpare() {
        return supplies && nodes.stream().filter(node -> node.role == Role.STARTING || node.role == Role.SPARE).count() < SPARES;
    }

    /** Lets spare nodes join until so many follow. */
    void supply(int standbys) {
        long joined = nodes.stream().filter(NodeProcess::isJoined).count();
        for (NodeProcess node : nodes) {
            if (joined < standbys && node.role == Role.SPARE && !node.isStopped()) {
                node.role = Role.JOINING;
                node.tell("JOIN");
                tally.joins++;
                joined++;
            }
        }
    }

    void kill(NodeProcess node) {
        node.signal(NodeProcess.SIGKILL);
    }

    void end(NodeProcess node) {
        tally.terms++;
        node.signal(NodeProcess.SIGTERM);
    }

    /** Stops a node, to be resumed later. */
    void stop(NodeProcess node, long nanos) {
        if (!node.isStopped()) {
            tally.stops++;
            node.signal(NodeProcess.SIGSTOP);
            node.resumeNanos = System.nanoTime() + nanos | 1;
        }
    }

    /** Resumes those whose time has come; or all. */
    void resume(boolean all) {
        long now = System.nanoTime();
        for (NodeProcess node : nodes) {
            if (node.isStopped() && (all || now - node.resumeNanos >= 0)) {
                node.resumeNanos = 0;
                node.signal(NodeProcess.SIGCONT);
            }
        }
    }

    /** Those that have stopped at a crash point are resumed later. */
    void noticeStops() {
        for (NodeProcess node : nodes) {
            if (node.hasStoppedItself()) {
                tally.selfStops++;
                node.remember("(stopped at " + node.crashPoint() + ")");
                node.resumeNanos = System.nanoTime() + (1 + random.nextInt(2_000)) * 1_000_000L | 1;
            }
        }
    }

    /** A node has ended, and all it said was read. */
    void ended(NodeProcess node) {
        nodes.remove(node);
    }

    /** Kills all that are left. */
    void close() {
        nodes.forEach(NodeProcess::destroy);
    }
}
