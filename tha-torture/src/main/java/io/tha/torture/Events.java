package io.tha.torture;

import io.tha.torture.NodeProcess.Role;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Draws what happens next, and does it.
 *
 * <p>Threads: one.
 */
final class Events {
    private static final int MOST_PAUSE_MILLIS = 60;
    private static final int SHORT_STOP_MILLIS = 150;
    private static final int LONG_STOP_MILLIS = 2_000;
    /** How often the active is killed although nobody may be ready to take over, in percent. */
    private static final int BOLDNESS = 8;
    private static final int PERCENT = 100;

    private final Cluster cluster;
    private final SplittableRandom random;
    private final int mostStandbys;
    private int wantedStandbys;
    private long dueNanos;

    Events(Cluster cluster, TortureOptions options) {
        this.cluster = cluster;
        random = new SplittableRandom(~options.seed);
        mostStandbys = options.standbys;
        wantedStandbys = options.standbys;
        postpone();
    }

    /** How many standbys there should be now. */
    int wantedStandbys() {
        return wantedStandbys;
    }

    void postpone() {
        dueNanos = System.nanoTime() + millis(random.nextInt(MOST_PAUSE_MILLIS));
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Lets the next one happen when its time has come. */
    void next() {
        NodeProcess active = cluster.active();
        if (System.nanoTime() - dueNanos < 0 || active == null) {
            return;
        }
        List<NodeProcess> standbys = cluster.nodes(node -> node.role == Role.STANDBY);
        boolean ready = standbys.stream().anyMatch(node -> !node.isStopped());
        if (ready || random.nextInt(PERCENT) < BOLDNESS) {
            happen(random.nextInt(PERCENT), active, standbys);
        }
        postpone();
    }

    private void happen(int drawn, NodeProcess active, List<NodeProcess> standbys) {
        if (drawn < 34) {
            cluster.kill(active);
        } else if (drawn < 46) {
            some(standbys, cluster::kill);
        } else if (drawn < 52) {
            // At once: the claimant too, or all that could claim.
            some(standbys, cluster::kill);
            cluster.kill(active);
            some(standbys, cluster::kill);
        } else if (drawn < 55) {
            // Those that join must do with what the dead have left.
            cluster.nodes(NodeProcess::isJoined).forEach(cluster::kill);
            if (random.nextInt(2) == 0) {
                cluster.kill(active);
            }
        } else if (drawn < 62) {
            cluster.stop(active, millis(1 + random.nextInt(SHORT_STOP_MILLIS)));
        } else if (drawn < 68) {
            cluster.stop(active, millis(1 + random.nextInt(LONG_STOP_MILLIS)));
        } else if (drawn < 78) {
            some(standbys, node -> cluster.stop(node, millis(1 + random.nextInt(SHORT_STOP_MILLIS))));
        } else if (drawn < 82) {
            loseAllButWhoIsBehind(active, standbys);
        } else if (drawn < 90) {
            cluster.end(active);
        } else if (drawn < 93) {
            some(standbys, cluster::end);
        } else if (drawn < 96) {
            some(cluster.nodes(NodeProcess::isStopped), cluster::kill);
        } else {
            wantedStandbys = 1 + random.nextInt(mostStandbys);
        }
    }

    /** Those that are stopped are behind: when they resume they have to read on before they serve. */
    private void loseAllButWhoIsBehind(NodeProcess active, List<NodeProcess> standbys) {
        if (standbys.stream().noneMatch(NodeProcess::isStopped)) {
            some(standbys, node -> cluster.stop(node, millis(1 + random.nextInt(LONG_STOP_MILLIS))));
        }
        standbys.stream().filter(node -> !node.isStopped()).forEach(cluster::kill);
        cluster.kill(active);
    }

    /** What is done to a node. */
    private interface Deed {
        void to(NodeProcess node);
    }

    private void some(List<NodeProcess> nodes, Deed deed) {
        if (!nodes.isEmpty()) {
            deed.to(nodes.get(random.nextInt(nodes.size())));
        }
    }
}
