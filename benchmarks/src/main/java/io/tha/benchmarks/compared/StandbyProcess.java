package io.tha.benchmarks.compared;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The standby of one contender in a process of its own, which does what it is told by lines on its standard input; behind OPEN and GO it spins.
 *
 * <pre>
 *   follow TRANSACTIONS     GO, then DONE when it has applied so many
 *   measure TRANSACTIONS    GO, then LATENCY p50 p99 p99.9: nanoseconds from when each was due until it had applied it
 * </pre>
 */
final class StandbyProcess {
    private final Load load;
    private final Standby standby;
    private final Board board;
    private final int[] order;
    private long applied;

    private StandbyProcess(Load load, Standby standby, Board board) {
        this.load = load;
        this.standby = standby;
        this.board = board;
        order = load.order();
    }

    /** Arguments: contender, directory, objects, changes. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[1]);
        Load load = Load.of(args[2], args[3]);
        try (Standby standby = Contender.valueOf(args[0]).standby(load, directory);
                Board board = Board.open(directory);
                BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(ActiveProcess.OPEN);
            StandbyProcess process = new StandbyProcess(load, standby, board);
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                process.obey(line.split(" "));
            }
        }
    }

    private void obey(String[] command) {
        int transactions = Integer.parseInt(command[1]);
        System.out.println("GO");
        switch (command[0]) {
            case "follow" -> {
                follow(transactions);
                System.out.println("DONE");
            }
            case "measure" -> {
                System.out.println(measure(transactions));
            }
            default -> throw new IllegalArgumentException(String.join(" ", command));
        }
    }

    private void follow(int transactions) {
        long end = applied + transactions;
        while (applied < end) {
            int some = standby.poll(Integer.MAX_VALUE);
            if (some > 0) {
                applied += some;
                board.applied(applied);
            } else {
                Thread.onSpinWait();
            }
        }
        int last = object(applied, load.changes() - 1);
        if (standby.value(last) != applied) {
            throw new IllegalStateException("object " + last + " is " + standby.value(last) + " here, expected " + applied);
        }
    }

    private Latency measure(int transactions) {
        Latency latency = new Latency();
        for (int i = 0; i < transactions; i++) {
            while (standby.poll(1) == 0) {
                Thread.onSpinWait();
            }
            applied++;
            latency.since(standby.value(object(applied, 0)));
            board.applied(applied);
        }
        return latency;
    }

    /** One of the objects that a transaction changes, the first transaction being 1. */
    private int object(long transaction, int change) {
        return order[(int) (((transaction - 1) * load.changes() + change) % load.objects())];
    }
}
