package io.tha.examples.booking.demo;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.examples.booking.Answer;
import io.tha.examples.booking.Order;
import io.tha.examples.booking.Participant;
import io.tha.examples.booking.ServiceKind;
import io.tha.standby.ThaStandby;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One process of the demonstration: one of the services, as active, or as a standby that becomes one.
 *
 * <p>It obeys {@link Command}s on its standard input, and says READY as a standby, SERVING with {@link System#nanoTime} as an active, DECIDED with
 * what became of an order, ANSWER or FAILED to other commands. It ends when its standard input does.
 *
 * <p>Threads: one that serves, one that reads commands.
 */
final class BookingNode {
    static final String READY = "READY";
    static final String SERVING = "SERVING ";
    static final String DECIDED = "DECIDED ";
    /** Of an answer to a command that was obeyed, and to one that could not be. */
    static final String ANSWER = "ANSWER ";

    static final String FAILED = ANSWER + "FAILED ";

    private static final long POOL_BYTES = 8 << 20;
    private static final long RING_BYTES = 1 << 20;
    /** What is killed is noticed at once; that a process gets no processor for a while shall be no reason to replace it. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final ServiceKind kind;
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private volatile HoldCommands holds;
    private volatile ThaApplication application;
    private volatile Participant participant;

    private BookingNode(ServiceKind kind) {
        this.kind = kind;
    }

    /** Arguments: role, domain directory, service. */
    public static void main(String[] args) throws InterruptedException {
        BookingNode node = new BookingNode(ServiceKind.valueOf(args[2]));
        Path domain = Path.of(args[1]);
        ThaConfig config = ThaConfig.builder().poolBytes(POOL_BYTES).ringBytes(RING_BYTES).lease(LEASE).build();
        Thread commands = new Thread(node::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        String name = node.kind.applicationName();
        node.serve(args[0].equals("active") ? ThaApplication.open(domain, name, config) : node.follow(ThaStandby.open(domain, name, config)));
    }

    private ThaApplication follow(ThaStandby standby) throws InterruptedException {
        standby.register(kind.layouts());
        standby.awaitReady();
        holds = new HoldCommands(standby, kind);
        System.out.println(READY);
        return standby.awaitTakeover().application();
    }

    private void serve(ThaApplication served) throws InterruptedException {
        application = served;
        participant = new Participant(served, kind.open(served), BookingNode::tell);
        // The driver compares it with its own: on Linux it is the same clock in all processes of a machine.
        System.out.println(SERVING + System.nanoTime());
        while (true) {
            work.take().run();
        }
    }

    private static void tell(long id, Answer answer) {
        System.out.println(DECIDED + id + " " + answer);
    }

    private void obey() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ", -1);
                obey(Command.valueOf(words[0]), words);
            }
        } catch (IOException e) {
            System.err.println("commands: " + e);
        }
        System.exit(0);
    }

    private void obey(Command command, String[] words) {
        switch (command) {
            case ORDER -> work.add(() -> participant.take(Long.parseLong(words[1]), Order.of(words[2])));
            case REPORT -> work.add(() -> System.out.println(ANSWER + kind.report(application.pool()).text()));
            default -> System.out.println(holds.obey(command, words));
        }
    }
}
