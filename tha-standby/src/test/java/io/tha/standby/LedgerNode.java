package io.tha.standby;

import io.tha.FencedException;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.capture.Snapshot;
import io.tha.region.ControlFile;
import io.tha.region.TakeoverWalk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A service to be killed: active or standby, and as a standby it takes over and goes on. Arguments: domain directory, file for {@link LedgerMarks},
 * role, "every" how many transactions one is large, and whether it waits for the line {@code GO} before it makes transactions. Without an image it
 * makes none before it has a standby, unless a property says that it may be alone.
 *
 * <p>Prints {@code READY}, {@code JOINED epoch copies takeoversFollowed trouble} when a standby has the state of another epoch,
 * {@code STATE epoch scratch text} when it is the active (and again for each line {@code STATE} while it waits), and {@code FENCED}. In the roles
 * "switching-active" and "switching-standby" it is a {@link SwitchoverNode}. In the role "usurper" it claims the application from whom it belongs to,
 * alive or not, and dies. In the role "ending" it asks for a switchover at its end when it is ending.
 */
final class LedgerNode {
    static final String APPLICATION = "ledger";
    static final int RING_LENGTH = 64 << 10;
    static final String RING_PROPERTY = "tha.test.ring";
    static final String SNAPSHOT_PROPERTY = "tha.test.snapshot";
    static final String ALONE_PROPERTY = "tha.test.alone";
    static final String LEASE_PROPERTY = "tha.test.lease";
    static final String MODE_PROPERTY = "tha.test.standbyMode";
    static final String READER_TIMEOUT_PROPERTY = "tha.test.readerTimeout";
    static final String POOL_BYTES_PROPERTY = "tha.test.poolBytes";
    private static final ThaConfig CONFIG = config();
    private static final int SOME = 100;
    private static final long REPORT_NANOS = 2_000_000;
    private static final Duration ADMISSION_TIMEOUT = Duration.ofSeconds(20);

    private final Path directory;
    private final LedgerMarks marks;
    private final int largeEvery;
    private final boolean waits;
    private final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private static ThaConfig config() {
        ThaConfig.Builder builder = ThaConfig.builder()
                .poolBytes(Long.getLong(POOL_BYTES_PROPERTY, 2 << 20))
                .ringBytes(Integer.getInteger(RING_PROPERTY, RING_LENGTH))
                .readerTimeout(Duration.ofMillis(Long.getLong(READER_TIMEOUT_PROPERTY, 20_000)))
                .lease(Duration.ofMillis(Long.getLong(LEASE_PROPERTY, 0)))
                .snapshot(Snapshot.valueOf(System.getProperty(SNAPSHOT_PROPERTY, "IMAGE")))
                .standbyMode(StandbyMode.valueOf(System.getProperty(MODE_PROPERTY, "COPY")));
        if (!System.getProperty("tha.crashPoint", "").isEmpty()) {
            // Its thread passes crash points too, wherever the service's thread is at that moment.
            builder.scrubShare(0);
        }
        return builder.build();
    }

    private LedgerNode(String[] args) {
        directory = Path.of(args[0]);
        marks = new LedgerMarks(Path.of(args[1]));
        largeEvery = Integer.parseInt(args[3]);
        waits = Boolean.parseBoolean(args[4]);
    }

    public static void main(String[] args) throws InterruptedException, IOException {
        LedgerNode node = new LedgerNode(args);
        switch (args[2]) {
            case "active" -> node.serve(ThaApplication.open(node.directory, APPLICATION, CONFIG));
            case "standby" -> node.follow();
            case "switching-active" -> node.switching().run(ThaApplication.open(node.directory, APPLICATION, CONFIG));
            case "switching-standby" -> node.switching().run(null);
            case "rehearsal" -> node.doAll();
            case "ending" -> askAtTheEnd(ThaApplication.open(node.directory, APPLICATION, CONFIG));
            default -> node.usurp();
        }
    }

    /** Prints {@code ASKED}. */
    private static void askAtTheEnd(ThaApplication application) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            application.switchoverOnShutdown(ADMISSION_TIMEOUT);
            System.out.println("ASKED");
        }));
        System.exit(0);
    }

    /** What the others do, in one process that ends by itself. */
    private void doAll() throws InterruptedException {
        try (ThaStandby standby = ThaStandby.open(directory, APPLICATION, CONFIG)) {
            standby.register(Ledger.ROOT, Ledger.ACCOUNT, Ledger.ENTRY, Ledger.BLOB);
            standby.start();
            try (ThaApplication active = ThaApplication.open(directory, APPLICATION, CONFIG)) {
                commitSome(active);
                standby.awaitReady();
                commitSome(active);
                active.switchover(ADMISSION_TIMEOUT);
            }
            try (ThaApplication application = standby.awaitTakeover().application()) {
                print(application);
                commitSome(application);
            }
        }
    }

    private void commitSome(ThaApplication application) {
        Ledger ledger = new Ledger(application, largeEvery);
        for (int i = 0; i < SOME; i++) {
            ledger.next(marks::committing);
        }
    }

    private void follow() throws InterruptedException, IOException {
        ThaStandby standby = ThaStandby.open(directory, APPLICATION, CONFIG);
        standby.register(Ledger.ROOT, Ledger.ACCOUNT, Ledger.ENTRY, Ledger.BLOB);
        standby.awaitReady();
        System.out.println("READY");
        Thread reporter = new Thread(() -> reportJoins(standby), "reporter");
        reporter.setDaemon(true);
        reporter.start();
        serve(standby.awaitTakeover().application());
    }

    private static void reportJoins(ThaStandby standby) {
        long epoch = 0;
        while (true) {
            StandbyStatus status = standby.status();
            if (status.ready() && status.epoch() != epoch) {
                epoch = status.epoch();
                System.out.println("JOINED " + epoch + " " + status.join().copies() + " " + status.join().takeoversFollowed() + " "
                        + status.join().trouble());
            }
            LockSupport.parkNanos(REPORT_NANOS);
        }
    }

    private void serve(ThaApplication application) throws IOException {
        application.onFenced(() -> System.out.println("TOLD active=" + application.isActive()));
        print(application);
        while (waits && !"GO".equals(input.readLine())) {
            print(application);
        }
        try {
            awaitStandby(application);
            Ledger ledger = new Ledger(application, largeEvery);
            for (long k = Ledger.sequence(application.pool()) + 1; ; k++) {
                marks.started(k);
                admit(application);
                ledger.next(marks::committing);
                marks.acknowledged(k);
            }
        } catch (FencedException e) {
            System.out.println("FENCED active=" + application.isActive() + " " + e.getMessage());
            while (input.readLine() != null) {
                print(application);
            }
        }
    }

    /** Without an image a state that no standby has copied dies with its process. */
    private static void awaitStandby(ThaApplication application) {
        boolean alone = CONFIG.snapshot() == Snapshot.IMAGE || Boolean.getBoolean(ALONE_PROPERTY);
        while (!alone && (application.standbys() == 0 || application.waitingStandbys() > 0)) {
            admit(application);
        }
    }

    private static void admit(ThaApplication application) {
        if (application.waitingStandbys() > 0) {
            application.admitStandbys(ADMISSION_TIMEOUT);
        }
    }

    private static void print(ThaApplication application) {
        System.out.println("STATE " + application.epoch() + " " + Ledger.scratch(application.pool()) + " " + Ledger.text(application.pool()));
    }

    private SwitchoverNode switching() {
        return new SwitchoverNode(directory, CONFIG, marks, largeEvery);
    }

    private void usurp() {
        ControlFile control = ControlFile.open(directory);
        int application = control.findApplication(APPLICATION);
        TakeoverWalk walk = TakeoverWalk.claim(control, application, control.takeoverWordAcquire(application));
        System.out.println(walk == null ? "LOST" : "CLAIMED " + walk.epoch());
        Runtime.getRuntime().halt(0);
    }
}
