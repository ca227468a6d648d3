package io.tha.benchmarks.compared;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The active of one contender in a process of its own, which does what it is told by lines on its standard input; each is answered by a line.
 *
 * <pre>
 *   cost BURSTS TRANSACTIONS    COST ns of a transaction: median of bursts, behind each of which the standby catches up
 *   rate TRANSACTIONS           RATE transactions a second until the standby has applied the last one
 *   send RATE TRANSACTIONS      SENT at that rate, whether or not the standby keeps up; each one's value is the time when it was due
 *   measure RATE TRANSACTIONS   LATENCY as the standby's, of one who knows when the standby has it
 * </pre>
 */
final class ActiveProcess {
    static final String OPEN = "OPEN";

    private final Contender contender;
    private final Active active;
    private final Board board;
    private long sent;

    private ActiveProcess(Contender contender, Active active, Board board) {
        this.contender = contender;
        this.active = active;
        this.board = board;
    }

    /** Arguments: contender, directory, objects, changes. */
    public static void main(String[] args) throws IOException {
        Contender contender = Contender.valueOf(args[0]);
        Path directory = Path.of(args[1]);
        try (Active active = contender.active(Load.of(args[2], args[3]), directory);
                Board board = Board.open(directory);
                BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(OPEN);
            ActiveProcess process = new ActiveProcess(contender, active, board);
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                process.obey(line.split(" "));
            }
        }
    }

    private void obey(String[] command) {
        switch (command[0]) {
            case "connect" -> {
                active.awaitStandby();
                System.out.println("CONNECTED");
            }
            case "cost" -> System.out.printf(Locale.ROOT, "COST %.2f%n", cost(Integer.parseInt(command[1]), Integer.parseInt(command[2])));
            case "rate" -> System.out.printf(Locale.ROOT, "RATE %.1f%n", rate(Integer.parseInt(command[1])));
            case "send" -> {
                send(Integer.parseInt(command[1]), Integer.parseInt(command[2]), due -> {});
                awaitApplied();
                System.out.println("SENT");
            }
            case "measure" -> {
                Latency latency = new Latency();
                send(Integer.parseInt(command[1]), Integer.parseInt(command[2]), latency::since);
                System.out.println(latency);
            }
            default -> throw new IllegalArgumentException(String.join(" ", command));
        }
    }

    private void transact(long value) {
        active.transact(value);
        sent++;
    }

    private void awaitApplied() {
        if (contender.isReplicated() && !contender.isSynchronous()) {
            board.awaitApplied(sent);
        }
    }

    private double cost(int bursts, int transactions) {
        long[] nanos = new long[bursts];
        for (int burst = 0; burst < bursts; burst++) {
            long begin = System.nanoTime();
            for (int i = 0; i < transactions; i++) {
                transact(sent + 1);
            }
            nanos[burst] = System.nanoTime() - begin;
            awaitApplied();
        }
        Arrays.sort(nanos);
        return (double) nanos[bursts / 2] / transactions;
    }

    private double rate(int transactions) {
        long begin = System.nanoTime();
        for (int i = 0; i < transactions; i++) {
            transact(sent + 1);
        }
        awaitApplied();
        return transactions * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begin);
    }

    private void send(int rate, int transactions, LongConsumer sentDue) {
        long interval = TimeUnit.SECONDS.toNanos(1) / rate;
        long due = System.nanoTime();
        for (int i = 0; i < transactions; i++) {
            due += interval;
            while (System.nanoTime() - due < 0) {
                Thread.onSpinWait();
            }
            transact(due);
            sentDue.accept(due);
        }
    }
}
