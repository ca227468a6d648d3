package io.tha.examples.booking.demo;

import io.tha.examples.booking.Answer;
import io.tha.examples.booking.Order;
import io.tha.examples.booking.Report;
import io.tha.examples.booking.ServiceKind;
import io.tha.examples.process.NodeProcess;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A {@link BookingNode} in its process.
 *
 * <p>Threads: any; one at a time asks.
 */
final class Node implements AutoCloseable {
    private static final List<String> LEAN = List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "-XX:-UsePerfData");

    private final NodeProcess process;

    /** Hears what becomes of orders; by one thread for each node. */
    @FunctionalInterface
    interface DecisionListener {
        void decided(ServiceKind kind, long id, Answer answer);
    }

    private Node(NodeProcess process) {
        this.process = process;
    }

    static Node start(String role, Path domain, ServiceKind kind, DecisionListener listener) {
        List<String> arguments = List.of(role, domain.toString(), kind.name());
        return new Node(NodeProcess.start(new NodeProcess.Launch(BookingNode.class, LEAN, arguments), line -> hear(line, kind, listener)));
    }

    private static boolean hear(String line, ServiceKind kind, DecisionListener listener) {
        if (!line.startsWith(BookingNode.DECIDED)) {
            return false;
        }
        String[] words = line.split(" ", -1);
        listener.decided(kind, Long.parseLong(words[1]), Answer.valueOf(words[2]));
        return true;
    }

    void awaitReady() throws InterruptedException {
        process.await(BookingNode.READY);
    }

    /** When it began to serve, by {@link System#nanoTime}. */
    long awaitServing() throws InterruptedException {
        return Long.parseLong(process.await(BookingNode.SERVING).substring(BookingNode.SERVING.length()));
    }

    /** Gives it its part of an order. */
    void order(long id, Order order) {
        try {
            process.say(Command.ORDER + " " + id + " " + order.text());
        } catch (UncheckedIOException e) {
            // It was killed: it takes no part, and the driver gives the transaction up.
        }
    }

    /** What an active has, while it takes no orders. */
    Report report() {
        return Report.of(ask(Command.REPORT));
    }

    /**
     * The answer to a command.
     *
     * @throws IllegalStateException if it is none, or the process has ended
     */
    String ask(Command command, String... words) {
        String answer;
        try {
            process.say(command + (words.length == 0 ? "" : " " + String.join(" ", words)));
            answer = process.await(BookingNode.ANSWER);
        } catch (UncheckedIOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (answer.startsWith(BookingNode.FAILED)) {
            throw new IllegalStateException(answer.substring(BookingNode.FAILED.length()));
        }
        return answer.substring(BookingNode.ANSWER.length());
    }

    /** What it has said beside answers: what was wrong with it, if anything was. */
    String said() {
        return process.said().lines().filter(line -> !line.startsWith(BookingNode.ANSWER)).collect(Collectors.joining("\n"));
    }

    void kill() {
        process.kill();
    }

    /** After a kill: all that it has said is heard. */
    void awaitKilled() throws InterruptedException {
        process.awaitKilled();
    }

    @Override
    public void close() {
        process.close();
    }
}
