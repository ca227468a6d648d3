package io.tha.benchmarks.compared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Two processes for each contender, which are measured in turns. */
final class SideBySide implements AutoCloseable {
    /**
     * How much is done.
     *
     * @param rounds in each of which all are measured
     * @param bursts for the cost of a transaction
     * @param burst transactions of each, for which there is room between the processes
     * @param batch transactions for the rate
     * @param seconds for each latency
     */
    record Size(int rounds, int bursts, int burst, int batch, int seconds) {
        static final Size QUICK = new Size(1, 3, 10, 1_000, 1);
    }

    private static final double MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Who is busier than that at a rate has queues, whose length says nothing. */
    private static final double MOST_BUSY = 0.7;
    private static final int WARM_UPS = 3;
    private static final int FEW = 100;

    final Rounds cost = new Rounds("active_cost", "cost of a transaction on the active, ns");
    final Rounds rate = new Rounds("rate", "transactions a second with the standby keeping up");
    private final Size size;
    private final List<Pair> pairs = new ArrayList<>();
    /** What a transaction of each pair took when it was warmed up, ns. */
    private final Map<Pair, Double> usual = new HashMap<>();

    SideBySide(Size size) {
        this.size = size;
    }

    /** Starts and warms up. */
    void start(List<Contender> contenders, Load load) {
        for (Contender contender : contenders) {
            pairs.add(Pair.start(contender, load));
        }
        for (Pair pair : pairs) {
            usual.put(pair, pair.cost(1, Math.min(size.burst, FEW)));
            for (int i = 0; i < WARM_UPS; i++) {
                usual.put(pair, cost(pair));
                rate(pair);
            }
        }
    }

    /** Who is slow does less, and takes a moment as the others. */
    private int atMost(Pair pair, int transactions) {
        return (int) Math.max(1, Math.min(transactions, MOMENT_NANOS / usual.get(pair)));
    }

    private double cost(Pair pair) {
        int burst = atMost(pair, size.burst);
        return pair.cost(Math.max(1, atMost(pair, size.bursts * size.burst) / burst), burst);
    }

    private double rate(Pair pair) {
        return pair.rate(atMost(pair, size.batch));
    }

    private boolean keepsUp(Pair pair, int perSecond) {
        return pair.contender().isReplicated() && perSecond * usual.get(pair) < MOST_BUSY * MOMENT_NANOS;
    }

    /** The cost of a transaction, and how many are possible. */
    void measureThroughput() {
        for (int round = 0; round < size.rounds; round++) {
            for (Pair pair : pairs) {
                cost.add(pair.contender(), cost(pair));
                rate.add(pair.contender(), rate(pair));
            }
        }
    }

    /** At a rate, of those who have a standby and can keep up: the 50th, the 99th and the 99.9th percentile. */
    List<Rounds> measureLatency(int perSecond) {
        List<Rounds> latency = new ArrayList<>();
        for (String percentile : new String[] {"p50", "p99", "p99.9"}) {
            String title = String.format(Locale.ROOT, "one-way latency at %,d transactions a second, %s, \u00b5s", perSecond, percentile);
            latency.add(new Rounds("latency_" + perSecond + "_" + percentile, title));
        }
        for (int round = 0; round < size.rounds; round++) {
            for (Pair pair : pairs) {
                if (keepsUp(pair, perSecond)) {
                    double[] values = pair.latency(perSecond, perSecond * size.seconds);
                    for (int i = 0; i < values.length; i++) {
                        latency.get(i).add(pair.contender(), values[i] / TimeUnit.MICROSECONDS.toNanos(1));
                    }
                }
            }
        }
        return latency;
    }

    @Override
    public void close() {
        pairs.forEach(Pair::close);
    }
}
