package io.tha.benchmarks.compared;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The two processes of one contender. They wait for commands, without a processor, while others are measured. */
final class Pair implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    /** Of Chronicle, which calls home otherwise. */
    private static final List<String> FLAGS = List.of(
            "-da", "-Xms256m", "-Xmx1g", "-XX:+UseSerialGC", "-Dchronicle.analytics.disable=true", "-Dchronicle.announcer.disable=true");

    private final Contender contender;
    private final Load load;
    private final DomainDirectory directory = DomainDirectory.create();
    private final Board board = Board.create(directory.path());
    private ForkedJvm active;
    private ForkedJvm standby;

    private Pair(Contender contender, Load load) {
        this.contender = contender;
        this.load = load;
    }

    /** Starts them. */
    static Pair start(Contender contender, Load load) {
        Pair pair = new Pair(contender, load);
        try {
            if (contender.isStandbyFirst()) {
                pair.startStandby();
            }
            pair.active = pair.fork(ActiveProcess.class);
            if (contender.isReplicated() && pair.standby == null) {
                pair.startStandby();
            }
            pair.ask(pair.active, "connect", "CONNECTED");
            return pair;
        } catch (RuntimeException | Error e) {
            pair.close();
            throw e;
        }
    }

    private void startStandby() {
        standby = fork(StandbyProcess.class);
    }

    private ForkedJvm fork(Class<?> main) {
        ForkedJvm process = ForkedJvm.of(main)
                .args(contender, directory.path(), load.objects(), load.changes())
                .jvmArgs(FLAGS.toArray(new String[0]))
                .deadline(DEADLINE)
                .start();
        process.awaitLine(ActiveProcess.OPEN);
        return process;
    }

    Contender contender() {
        return contender;
    }

    /** Nanoseconds of a transaction on the active, in bursts behind each of which the standby catches up. */
    double cost(int bursts, int transactions) {
        follow(bursts * transactions);
        double nanos = number(ask(active, "cost " + bursts + " " + transactions, "COST "));
        awaitFollowed();
        return nanos;
    }

    /** Transactions a second that the standby keeps up with. */
    double rate(int transactions) {
        follow(transactions);
        double perSecond = number(ask(active, "rate " + transactions, "RATE "));
        awaitFollowed();
        return perSecond;
    }

    /** Nanoseconds from when a transaction is due until the standby has it: at the 50th, the 99th and the 99.9th percentile. */
    double[] latency(int rate, int transactions) {
        String[] words;
        if (contender.isSynchronous()) {
            words = ask(active, "measure " + rate + " " + transactions, "LATENCY ").split(" ");
        } else {
            ask(standby, "measure " + transactions, "GO");
            ask(active, "send " + rate + " " + transactions, "SENT");
            words = standby.awaitLine("LATENCY ").split(" ");
        }
        return new double[] {Double.parseDouble(words[1]), Double.parseDouble(words[2]), Double.parseDouble(words[3])};
    }

    private boolean standbyPolls() {
        return contender.isReplicated() && !contender.isSynchronous();
    }

    private void follow(int transactions) {
        if (standbyPolls()) {
            ask(standby, "follow " + transactions, "GO");
        }
    }

    private void awaitFollowed() {
        if (standbyPolls()) {
            standby.awaitLine("DONE");
        }
    }

    private String ask(ForkedJvm process, String command, String answer) {
        process.send(command);
        return process.awaitLine(answer);
    }

    private static double number(String answer) {
        return Double.parseDouble(answer.substring(answer.lastIndexOf(' ')).trim());
    }

    @Override
    public void close() {
        // The active first: some standbys have what it stands on.
        if (active != null) {
            active.close();
        }
        if (standby != null) {
            standby.close();
        }
        board.close();
        directory.close();
    }

    @Override
    public String toString() {
        return contender.label() + String.format(Locale.ROOT, " (%,d objects, %,d changes)", load.objects(), load.changes());
    }
}
