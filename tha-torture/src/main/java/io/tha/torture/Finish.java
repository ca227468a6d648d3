package io.tha.torture;

import io.tha.torture.NodeProcess.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The end of a run: everybody is let come to rest; all nodes then have the same state, which is that of the model, and no file is left of the dead.
 *
 * <p>Threads: one.
 */
final class Finish {
    private final TortureRun run;
    private final Cluster cluster;
    private final Path directory;
    private final long seed;

    Finish(TortureRun run, Cluster cluster, Path directory, long seed) {
        this.run = run;
        this.cluster = cluster;
        this.directory = directory;
        this.seed = seed;
    }

    void run() {
        cluster.disarm();
        cluster.resume(true);
        cluster.nodes(node -> !node.crashPoint().isEmpty()).forEach(cluster::kill);
        run.await("those with crash points end", () -> cluster.nodes(node -> !node.crashPoint().isEmpty()).isEmpty());
        awaitAll();
        // A takeover more: it clears away what the dead have left. A switchover would leave the files of the one before, which still lives.
        NodeProcess last = cluster.active();
        cluster.kill(last);
        run.await("the last but one active ends", () -> !cluster.nodes().contains(last));
        awaitAll();
        compare();
        run.await("the files of the dead go; there are " + files(), () -> isClean());
        end();
    }

    private void awaitAll() {
        run.await("somebody serves, and all standbys are ready", () -> cluster.active() != null
                && cluster.nodes(node -> node.role == Role.JOINING).isEmpty()
                && cluster.nodes(node -> node.role == Role.STANDBY).size() == run.wantedStandbys()
                && cluster.nodes(node -> node.role == Role.STARTING).isEmpty());
    }

    private void compare() {
        NodeProcess active = cluster.active();
        active.tell("PAUSE");
        run.await("the active rests", () -> active.hasSaid("PAUSED"));
        List<String> state = dump(active);
        for (NodeProcess standby : cluster.nodes(node -> node.role == Role.STANDBY)) {
            run.await(standby + " has what " + active + " has", () -> dump(standby).equals(state));
        }
        List<String> expected = new ArrayList<>();
        for (int lane = 0; lane < Plan.LANES; lane++) {
            expected.addAll(new LaneModel(seed, lane).lines(sequence(state, lane)));
        }
        if (!expected.equals(state)) {
            throw new TortureException(Failure.TORN, "at the end: " + StateCheck.difference(expected, state));
        }
    }

    private static long sequence(List<String> state, int lane) {
        String prefix = "lane-" + lane + " ";
        return state.stream()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
                .findFirst()
                .orElse(0);
    }

    private List<String> dump(NodeProcess node) {
        Path file = directory.resolve("dump-" + node.number);
        int before = node.saidCount("DUMPED");
        node.tell("DUMP " + file);
        run.await(node + " writes its state down", () -> node.saidCount("DUMPED") > before);
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the application's files, by kind. */
    private Map<String, List<String>> files() {
        Map<String, List<String>> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory.resolve("domain"))) {
            all.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(TortureNode.APPLICATION + "."))
                    .forEach(name -> files.computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), kind -> new ArrayList<>()).add(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** One log; pool and outcomes of each node, and what a standby has prepared; no segment, for nothing is undecided. */
    private boolean isClean() {
        int standbys = cluster.nodes(node -> node.role == Role.STANDBY).size();
        Map<String, List<String>> files = files();
        return count(files, "log") == 1
                && count(files, "pool") == standbys + 1
                && count(files, "outcomes") == standbys + 1
                && count(files, "prepared") == standbys
                && count(files, "image") == 0;
    }

    private static int count(Map<String, List<String>> files, String kind) {
        return files.getOrDefault(kind, Collections.emptyList()).size();
    }

    private void end() {
        List<NodeProcess> nodes = List.copyOf(cluster.nodes());
        cluster.endSupply();
        nodes.forEach(NodeProcess::leave);
        run.await("all nodes end", () -> cluster.nodes().isEmpty());
    }
}
