package io.tha.examples.flights.demo;

import io.tha.examples.flights.FlightFile;
import io.tha.examples.process.NodeProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** One run: two processes, kills, comparison. */
public final class DemoRun {
    /** How far the active may run beyond the event of a kill, so that it dies at work. */
    static final long OVERRUN = 5_000;

    private static final int VERSION = 1;
    private static final int WORST_AIRPORTS = 10;

    private final DemoOptions options;
    private final List<Kill> kills = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();

    public DemoRun(DemoOptions options) {
        this.options = options;
    }

    /** Runs; 0 if nothing was lost or duplicated and the state is right. */
    public int run() {
        FlightFile flights = FlightFile.load(options.input);
        long[] plan = KillPlan.draw(options.seed, options.kills(), flights.size());
        try (Nodes nodes = new Nodes(options, plan.length + 2)) {
            System.out.printf(
                    "%,d flights from %s, %d kills, seed %d, tracker %s%n",
                    flights.size(),
                    options.input,
                    plan.length,
                    options.seed,
                    options.tracker);
            Reference reference = Reference.of(flights, flights.size(), new VersionChange(0, VERSION));
            serve(nodes, plan, flights.size(), reference.text());
            return report(new Verdict(flights.size(), plan.length, kills, checks), reference);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void serve(Nodes nodes, long[] plan, int size, SortedMap<String, String> expected) throws InterruptedException {
        NodeProcess active = nodes.start("active", VERSION);
        active.await("READY");
        NodeProcess standby = nodes.start("standby", VERSION);
        for (int i = 0; i < plan.length; i++) {
            standby.await("READY");
            System.out.printf("kill %d of %d is due at event %,d; active and standby are ready%n", i + 1, plan.length, plan[i]);
            long next = i + 1 < plan.length ? plan[i + 1] - 1 : size;
            nodes.limit(Math.max(plan[i], Math.min(next, plan[i] + OVERRUN)));
            nodes.awaitPosition(active, plan[i]);
            Kill kill = nodes.strike(active, standby, plan[i]);
            kills.add(kill);
            System.out.println("  " + kill.line());
            active = standby;
            standby = nodes.start("standby", VERSION);
        }
        standby.await("READY");
        nodes.limit(size);
        nodes.awaitPosition(active, size);
        active.await("DONE");
        checks.add(new Check("active", expected, nodes.dump(active)));
        checks.add(new Check("standby", expected, nodes.dump(standby, expected)));
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
}
