package io.tha.benchmarks.compared;

import java.util.List;

/** A million objects of 64 bytes, of which each transaction changes two. */
public final class Small {
    private static final int OBJECTS = 1_000_000;
    private static final int QUICK_OBJECTS = 1_000;
    private static final int CHANGES = 2;
    private static final int FEW = 10_000;
    private static final int MANY = 100_000;

    private Small() {}

    /** Arguments: {@code --quick} for a round that only shows that it works, {@code --results} and a directory for JSON and charts. */
    public static void main(String[] args) {
        Options options = Options.of(args);
        SideBySide.Size size = options.isQuick() ? SideBySide.Size.QUICK : new SideBySide.Size(5, 200, 10_000, 3_000_000, 1);
        Report report = new Report("small");
        try (SideBySide all = new SideBySide(size)) {
            all.start(List.of(Contender.values()), new Load(options.isQuick() ? QUICK_OBJECTS : OBJECTS, CHANGES));
            all.measureThroughput();
            report.add(all.cost);
            report.add(all.rate);
            all.measureLatency(FEW).forEach(report::add);
            List<Rounds> latency = all.measureLatency(MANY);
            latency.forEach(report::add);
            Rounds median = latency.get(0);
            report.add(Goal.atMost("small.active_cost", all.cost.ratio(Contender.THA, Contender.AERON), 1));
            report.add(Goal.atMost("small.active_cost_to_ring", all.cost.ratio(Contender.THA, Contender.RING), 1.3));
            report.add(Goal.atLeast("small.rate", all.rate.ratio(Contender.THA, Contender.AERON), 1));
            report.add(Goal.atMost("small.latency_to_aeron", median.ratio(Contender.THA, Contender.AERON), 1));
            report.add(Goal.atMost("small.latency_to_chronicle", median.ratio(Contender.THA, Contender.CHRONICLE), 0.75));
        }
        options.write(report);
    }
}
