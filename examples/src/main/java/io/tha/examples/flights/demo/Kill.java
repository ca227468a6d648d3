package io.tha.examples.flights.demo;

/**
 * One kill and what followed.
 *
 * @param event at which it was due
 * @param committed flights that the killed process had committed for sure
 * @param found flights that the next one found
 * @param handedBack intents of flights that were not committed
 * @param takeoverMillis from the kill to the sealed log
 * @param firstCommitMillis from the kill to the next one's first commit
 */
record Kill(long event, long committed, long found, long handedBack, double takeoverMillis, double firstCommitMillis) {
    private static final double NANOS_PER_MILLI = 1e6;

    static Kill of(long event, long committed, long killedNanos, String line) {
        return new Kill(
                event,
                committed,
                number(line, "position"),
                number(line, "handedBack"),
                (number(line, "sealed") - killedNanos) / NANOS_PER_MILLI,
                (number(line, "committed") - killedNanos) / NANOS_PER_MILLI);
    }

    private static long number(String line, String key) {
        String text = line.substring(line.indexOf(key + "=") + key.length() + 1);
        int end = text.indexOf(' ');
        return Long.parseLong(end < 0 ? text : text.substring(0, end));
    }

    String line() {
        return String.format(
                "killed at %,d; the standby found %,d, was handed %d in flight, and committed after %.3f ms",
                committed,
                found,
                handedBack,
                firstCommitMillis);
    }

    long lost() {
        return Math.max(0, committed - found);
    }
}
