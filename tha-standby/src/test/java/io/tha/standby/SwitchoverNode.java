package io.tha.standby;

import io.tha.FencedException;
import io.tha.active.SwitchoverResult;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A service that is switched over and back: commits without a pause as the active, and when it is fenced goes on as a standby of the same process. A
 * line {@code SWITCH milliseconds} asks for a switchover, printed as {@code SWITCHED end epoch nanoseconds reason}; SIGTERM does one, too.
 *
 * <p>Prints {@code READY} as a standby, {@code STATE epoch scratch text} as the active, and {@code FENCED}.
 */
final class SwitchoverNode {
    private static final Duration AT_THE_END = Duration.ofSeconds(20);

    private final Path directory;
    private final ThaConfig config;
    private final LedgerMarks marks;
    private final int largeEvery;
    private volatile ThaApplication serving;

    SwitchoverNode(Path directory, ThaConfig config, LedgerMarks marks, int largeEvery) {
        this.directory = directory;
        this.config = config;
        this.marks = marks;
        this.largeEvery = largeEvery;
    }

    void run(ThaApplication first) throws InterruptedException {
        Thread commands = new Thread(this::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        if (first != null) {
            serve(first);
        }
        while (true) {
            try (ThaStandby standby = ThaStandby.open(directory, LedgerNode.APPLICATION, config)) {
                standby.register(Ledger.ROOT, Ledger.ACCOUNT, Ledger.ENTRY, Ledger.BLOB);
                standby.awaitReady();
                System.out.println("READY");
                serve(standby.awaitTakeover().application());
            }
        }
    }

    private void serve(ThaApplication application) {
        application.switchoverOnShutdown(AT_THE_END);
        serving = application;
        System.out.println("STATE " + application.epoch() + " " + Ledger.scratch(application.pool()) + " " + Ledger.text(application.pool()));
        try {
            Ledger ledger = new Ledger(application, largeEvery);
            for (long k = Ledger.sequence(application.pool()) + 1; ; k++) {
                marks.started(k);
                ledger.next(marks::committing);
                marks.acknowledged(k);
            }
        } catch (FencedException e) {
            fenced(application);
        }
        application.close();
    }

    /** Printed after the result of the switchover. */
    private synchronized void fenced(ThaApplication application) {
        System.out.println("FENCED active=" + application.isActive() + " sequence=" + Ledger.sequence(application.pool()));
    }

    private synchronized void switchOver(Duration timeout) {
        SwitchoverResult result = serving.switchover(timeout);
        System.out.println("SWITCHED " + result.end() + " " + result.epoch() + " " + result.pauseNanos() + " " + result.reason());
    }

    private void obey() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                switchOver(Duration.ofMillis(Long.parseLong(line.substring("SWITCH ".length()))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
