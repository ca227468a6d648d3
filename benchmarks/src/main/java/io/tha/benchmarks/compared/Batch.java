package io.tha.benchmarks.compared;

import java.util.List;

/** A million objects of 64 bytes, of which each transaction changes a thousand. */
public final class Batch {
    private static final int OBJECTS = 1_000_000;
    private static final int QUICK_OBJECTS = 10_000;
    private static final int CHANGES = 1_000;

    private Batch() {}

    /** Arguments: {@code --quick} for a round that only shows that it works, {@code --results} and a directory for JSON and charts. */
    public static void main(String[] args) {
        Options options = Options.of(args);
        SideBySide.Size size = options.isQuick() ? SideBySide.Size.QUICK : new SideBySide.Size(5, 50, 100, 20_000, 1);
        Report report = new Report("batch");
        try (SideBySide all = new SideBySide(size)) {
            all.start(List.of(Contender.values()), new Load(options.isQuick() ? QUICK_OBJECTS : OBJECTS, CHANGES));
            all.measureThroughput();
            report.add(all.cost);
            report.add(all.rate);
            report.add(Goal.atLeast("batch.rate", all.rate.ratio(Contender.THA, Contender.AERON), 1));
            report.add(Goal.atMost("batch.active_cost", all.cost.ratio(Contender.THA, Contender.NONE), 2));
        }
        options.write(report);
    }
}
