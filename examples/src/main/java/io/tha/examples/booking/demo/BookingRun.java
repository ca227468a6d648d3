package io.tha.examples.booking.demo;

import io.tha.active.ThaCoordinator;
import io.tha.examples.booking.Report;
import io.tha.examples.booking.ServiceKind;
import io.tha.examples.process.RunDirectory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One run: three services with a standby each, orders, kills, comparison. */
public final class BookingRun {
    private static final long GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** So many bookings are made before the first kill, and behind the last one. */
    private static final int CALM_BOOKINGS = 50;

    private final BookingOptions options;
    private final PrintStream out;
    private final Verdict verdict;
    private final Orders orders;
    private final List<ServiceNodes> services = new ArrayList<>();

    /**
     * A run that has not begun.
     *
     * @param out is told what happens
     */
    public BookingRun(BookingOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        verdict = new Verdict(options.kills());
        orders = new Orders(new Customers(options.seed()));
    }

    /** Runs; 0 if all bookings were always in all services or in none, and none was lost. */
    public int run() {
        out.printf("seats, payments and ledger, an active and a standby each; %d kills, seed %d%n", options.kills(), options.seed());
        try (RunDirectory directory = RunDirectory.create("tha-booking-")) {
            serve(directory.resolve("domain"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            verdict.problems().forEach(out::println);
        }
        out.println(verdict.line(orders.bookings()));
        return verdict.isGood() ? 0 : 1;
    }

    private void serve(Path domain) throws InterruptedException {
        JointReader reader = new JointReader(services);
        try {
            start(domain);
            order(domain, reader);
            out.println(orders.summary());
            out.println(reader.reads() + " joint reads of the three standbys, " + reader.ended() + " more were ended by a kill");
            compare(reader);
        } catch (RuntimeException e) {
            services.forEach(service -> out.println(service.said()));
            throw e;
        } finally {
            services.forEach(ServiceNodes::close);
        }
    }

    private void order(Path domain, JointReader reader) throws InterruptedException {
        try (ThaCoordinator coordinator = ThaCoordinator.open(domain)) {
            Desk desk = new Desk(coordinator, services, orders);
            try (Loop ordering = Loop.start("orders", GROUP_NANOS, desk::serveGroup);
                    Loop reading = Loop.start("joint reads", READ_NANOS, () -> reader.read().ifPresent(verdict::jointRead))) {
                kill(new Killer(new Random(~options.seed()), desk, orders, reader), ordering, reading);
                orders.awaitSettled(desk.suspend());
                ordering.end();
                reading.end();
            }
        }
    }

    private void start(Path domain) throws InterruptedException {
        for (ServiceKind kind : ServiceKind.values()) {
            services.add(new ServiceNodes(kind, domain, orders::answer));
        }
        for (ServiceNodes service : services) {
            service.awaitServing();
            service.startStandby();
        }
        for (ServiceNodes service : services) {
            service.awaitReady();
        }
    }

    private void kill(Killer killer, Loop... loops) throws InterruptedException {
        awaitBookings(loops);
        for (int i = 1; i <= options.kills(); i++) {
            Kill kill = killer.killOne();
            verdict.killed();
            out.println("kill " + i + " of " + options.kills() + ": " + kill.line());
            check(loops);
        }
        awaitBookings(loops);
    }

    private void awaitBookings(Loop... loops) {
        long expected = orders.bookings() + CALM_BOOKINGS;
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (orders.bookings() < expected) {
            check(loops);
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(orders.bookings() + " bookings are committed after " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)
                        + " s, expected " + expected);
            }
            LockSupport.parkNanos(READ_NANOS);
        }
    }

    private static void check(Loop... loops) {
        for (Loop loop : loops) {
            loop.check();
        }
    }

    /** Nothing is in flight: what customers were told is what actives and standbys have. */
    private void compare(JointReader reader) {
        verdict.contradicted(orders.contradicted());
        List<Report> reports = services.stream().map(ServiceNodes::report).toList();
        Books actives = Books.of(reports);
        verdict.end("actives", orders.expected(), actives);
        verdict.end("standbys", orders.expected(), standbys(reader, actives));
    }

    /** They apply the last of it a moment later. */
    private static Books standbys(JointReader reader, Books expected) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        Optional<Books> books = reader.read();
        while (!books.equals(Optional.of(expected)) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(READ_NANOS);
            books = reader.read();
        }
        return books.orElseThrow(() -> new IllegalStateException("the standbys could not be read at the end"));
    }
}
