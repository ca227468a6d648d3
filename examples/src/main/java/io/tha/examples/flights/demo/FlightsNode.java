package io.tha.examples.flights.demo;

import io.tha.FencedException;
import io.tha.Intent;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.examples.flights.Flight;
import io.tha.examples.flights.FlightFile;
import io.tha.examples.flights.FlightsService;
import io.tha.examples.flights.FlightsVersion;
import io.tha.examples.flights.PoolText;
import io.tha.follow.LossStatus;
import io.tha.standby.ThaStandby;
import io.tha.takeover.Takeover;
import io.tha.tracker.TrackerKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * One process of the demonstration: an active, or a standby that becomes one.
 *
 * <p>It says READY, SERVING, FIRST_COMMIT and DONE on its standard output, writes its state to a file on {@code DUMP file}, and
 * says on {@code LOSSES} what its version could not hold of its active's state. It ends when its standard input does.
 */
public final class FlightsNode {
    /** SIGTERM hands the role to the standby, if that takes it so soon. */
    private static final Duration SWITCHOVER_TIMEOUT = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 50_000;
    private static final int REHEARSED_FLIGHTS = 20_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final FlightFile flights;
    private final FlightsVersion version;
    private final Board board;
    private final int number;
    private final long rate;
    private volatile Supplier<SortedMap<String, String>> state;
    private volatile ThaStandby standby;

    private FlightsNode(FlightFile flights, FlightsVersion version, Board board, int number, long rate) {
        this.flights = flights;
        this.version = version;
        this.board = board;
        this.number = number;
        this.rate = rate;
    }

    /**
     * Arguments: role, domain directory, input, board file, events per second (0 for no limit), tracker, size of the pool in bytes, version of
     * the service, number on the board.
     */
    public static void main(String[] args) throws InterruptedException {
        Path domain = Path.of(args[1]);
        ThaConfig config = ThaConfig.builder()
                .tracker(TrackerKind.valueOf(args[5]))
                .poolBytes(Long.parseLong(args[6]))
                .build();
        FlightsVersion version = FlightsVersion.of(Integer.parseInt(args[7]));
        int number = Integer.parseInt(args[8]);
        Board board = Board.open(Path.of(args[3]), number + 1);
        FlightsNode node = new FlightsNode(FlightFile.load(Path.of(args[2])), version, board, number, Long.parseLong(args[4]));
        Thread commands = new Thread(node::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        if (args[0].equals("active")) {
            node.serve(ThaApplication.open(domain, FlightsService.NAME, config), null);
        } else {
            node.follow(domain, config);
        }
        Thread.currentThread().join();
    }

    private void follow(Path domain, ThaConfig config) throws InterruptedException {
        standby = ThaStandby.open(domain, FlightsService.NAME, config);
        version.layouts().forEach(standby::register);
        standby.rehearse(this::rehearse);
        state = () -> standby.read(PoolText::of);
        standby.awaitReady();
        System.out.println("READY");
        Takeover takeover = standby.awaitTakeover();
        serve(takeover.application(), takeover);
    }

    private void rehearse(ThaApplication application) {
        FlightsService service = new FlightsService(application, version);
        for (int i = 0; i < Math.min(REHEARSED_FLIGHTS, flights.size()); i++) {
            service.accept(flights.get(i));
        }
        first(service, service.position());
    }

    private void serve(ThaApplication application, Takeover takeover) {
        FlightsService service = new FlightsService(application, version);
        long position = service.position();
        if (takeover != null) {
            position = commitFirst(service, position, takeover);
        } else {
            System.out.println("READY");
        }
        state = () -> PoolText.of(application.pool());
        application.switchoverOnShutdown(SWITCHOVER_TIMEOUT);
        try {
            run(service, position);
            System.out.println("DONE");
        } catch (FencedException e) {
            System.out.println("FENCED " + e.getMessage());
        }
    }

    /** {@link System#nanoTime} is the same clock in all processes of a machine on Linux: the driver compares it with its own. */
    private long commitFirst(FlightsService service, long position, Takeover takeover) {
        long next = takeover.intents().isEmpty() ? first(service, position) : acceptAgain(service, position, takeover.intents());
        long committed = System.nanoTime();
        System.out.println("SERVING position=" + position + " sealed=" + takeover.sealedNanos() + " committed=" + committed + " handedBack="
                + takeover.intents().size());
        return next;
    }

    /** The flights that the process before was at: the next ones of the input, or something is wrong. */
    private long acceptAgain(FlightsService service, long position, List<Intent> intents) {
        long next = position;
        for (Intent intent : intents) {
            Flight flight = service.acceptAgain(intent);
            if (!flight.equals(flights.get((int) next))) {
                throw new IllegalStateException(intent + " is " + flight + ", expected " + flights.get((int) next) + ", event " + next);
            }
            next++;
        }
        return next;
    }

    /** One transaction, a flight if there is one. */
    private long first(FlightsService service, long position) {
        if (position < Math.min(board.limit(), flights.size())) {
            service.accept(flights.get((int) position));
            return position + 1;
        }
        service.commitNothing();
        return position;
    }

    private void run(FlightsService service, long from) {
        long begin = System.nanoTime();
        long position = from;
        board.position(number, position);
        while (position < flights.size()) {
            if (position >= board.limit() || rate > 0 && (position - from) * (double) NANOS_PER_SECOND / rate > System.nanoTime() - begin) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            service.accept(flights.get((int) position));
            position++;
            board.position(number, position);
        }
    }

    private void obey() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.startsWith("DUMP ")) {
                    dump(Path.of(line.substring("DUMP ".length())));
                } else if (line.equals("LOSSES")) {
                    tellLosses();
                }
            }
        } catch (IOException e) {
            System.err.println("commands: " + e);
        }
        System.exit(0);
    }

    private void tellLosses() {
        LossStatus lost = standby.status().losses();
        System.out.println("LOSSES losses=" + lost.values() + " dangling=" + lost.danglingPointers());
    }

    private void dump(Path to) throws IOException {
        StringBuilder text = new StringBuilder();
        state.get().forEach((name, content) -> text.append(name).append('\t').append(content).append('\n'));
        Files.writeString(to, text);
        System.out.println("DUMPED");
    }
}
