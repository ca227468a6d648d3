package io.tha.examples.flights.demo;

import io.tha.examples.flights.FlightFile;
import io.tha.examples.process.NodeProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One run through two versions of the service, in processes of their own: version 1, then 2, then 1 again. Each stage ends with a comparison of the
 * whole state, in the version of the active and in that of the standby that takes over; then the active is killed.
 */
public final class UpgradeRun {
    private static final String NO_LOSSES = "losses={} dangling=0";
    /** What version 1 has declared that it cuts, where a later one has more. */
    private static final String PERMITTED_LOSSES = "losses=\\{(Airport\\.longestDelays=\\d+)?} dangling=0";

    private final DemoOptions options;
    private final List<Kill> kills = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<VersionChange> changes = new ArrayList<>();
    private int stage;
    private int killsOfStage;
    private FlightFile flights;
    private UpgradePlan plan;

    public UpgradeRun(DemoOptions options) {
        this.options = options;
    }

    /** Runs; 0 if nothing was lost or duplicated and the state was right in all stages. */
    public int run() {
        flights = FlightFile.load(options.input);
        plan = UpgradePlan.draw(options.seed, options.kills(), flights.size());
        try (Nodes nodes = new Nodes(options, plan.kills() + 2)) {
            System.out.printf(
                    "%,d flights from %s, v1 -> v2 -> v1, %d kills, seed %d, tracker %s%n",
                    flights.size(),
                    options.input,
                    plan.kills(),
                    options.seed,
                    options.tracker);
            serve(nodes);
            return report(new Verdict(flights.size(), plan.kills(), kills, checks));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void serve(Nodes nodes) throws InterruptedException {
        changes.add(new VersionChange(0, UpgradePlan.OLDER));
        NodeProcess active = nodes.start("active", UpgradePlan.OLDER);
        active.await("READY");
        for (int i = 0; i < plan.kills(); i++) {
            // The standby joins while the active works.
            nodes.limit(plan.event(i));
            NodeProcess standby = nodes.start("standby", plan.version(i + 1));
            standby.await("READY");
            if (plan.version(i) != plan.version(i + 1)) {
                check(nodes, active, standby, i);
            }
            long limit = Math.max(plan.event(i), Math.min(plan.lastBefore(i + 1, flights.size()), plan.event(i) + DemoRun.OVERRUN));
            long due = Math.min(limit, plan.event(i) + plan.delay());
            nodes.limit(limit);
            nodes.awaitPosition(active, due);
            add(i, nodes.strike(active, standby, due));
            active = standby;
        }
        NodeProcess standby = nodes.start("standby", plan.version(plan.kills()));
        standby.await("READY");
        nodes.limit(flights.size());
        check(nodes, active, standby, plan.kills());
    }

    private void add(int index, Kill kill) {
        kills.add(kill);
        killsOfStage++;
        int from = plan.version(index);
        int to = plan.version(index + 1);
        System.out.printf("kill %d of %d, v%d -> v%d: %s%n", index + 1, plan.kills(), from, to, kill.line());
        if (from != to) {
            changes.add(new VersionChange(kill.found(), to));
            killsOfStage = 0;
        }
    }

    /** The end of a stage: the active is where its limit is, and compared; so is the standby, in the version that it would go on with. */
    private void check(Nodes nodes, NodeProcess active, NodeProcess standby, int index) throws InterruptedException {
        long end = index < plan.kills() ? plan.event(index) : flights.size();
        nodes.awaitPosition(active, end);
        int from = plan.version(index);
        int to = plan.version(Math.min(index + 1, plan.kills()));
        stage++;
        Check first = new Check("stage " + stage + ", active v" + from, expected(end), nodes.dump(active));
        SortedMap<String, String> expected = from == to ? first.expected() : expected(end, new VersionChange(end, to));
        Check second = new Check("stage " + stage + ", standby v" + to, expected, nodes.dump(standby, expected));
        checks.addAll(List.of(first, second));
        boolean identical = first.differences().isEmpty() && second.differences().isEmpty();
        System.out.printf(
                "stage %d of 3: v%d until flight %,d, kills=%d, active v%d and standby v%d: %,d objects, %s%n",
                stage, from, end, killsOfStage, from, to, first.found().size(), identical ? "identical" : "different");
        tellLosses(nodes, standby, from, to);
    }

    private SortedMap<String, String> expected(long end, VersionChange... more) {
        return Reference.of(flights, end, Stream.concat(changes.stream(), Stream.of(more)).toArray(VersionChange[]::new)).text();
    }

    private void tellLosses(Nodes nodes, NodeProcess standby, int from, int to) throws InterruptedException {
        String losses = nodes.losses(standby);
        boolean downgrade = to < from;
        if (!downgrade || !losses.matches(PERMITTED_LOSSES)) {
            checks.add(new Check("stage " + stage + ", standby v" + to, lossesOnly(NO_LOSSES), lossesOnly(losses)));
        }
        if (downgrade) {
            System.out.println("  back to defaults: Totals.distanceMiles, 0, counted anew");
            System.out.println("  not kept: Route.leastDelayMinutes; the fourth and fifth of Airport.longestDelays, " + losses);
        } else if (to > from) {
            System.out.println("  new: Route.leastDelayMinutes, 1440 before a route's next flight; the fourth and fifth of Airport.longestDelays, 0");
            System.out.println("  not kept: Totals.distanceMiles; " + losses);
        }
    }

    private static SortedMap<String, String> lossesOnly(String losses) {
        return new TreeMap<>(Map.of("losses", losses));
    }

    private int report(Verdict verdict) {
        System.out.println();
        System.out.print(verdict.killTable());
        verdict.differences().forEach(System.out::println);
        System.out.println(verdict.upgradeLine());
        return verdict.isGood() ? 0 : 1;
    }
}
