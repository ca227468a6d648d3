package io.tha.torture.coordinated;

import io.tha.FencedException;
import io.tha.ThaException;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.standby.ThaStandby;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * A process of one of several services that move amounts between them, to be killed. It says SPARE, and waits to be told to OPEN an application, or
 * to JOIN it as a standby, which with HOLD is held from its first moment on. Then it says READY as a standby, SERVING with the epoch as the active,
 * and FENCED when it joins anew. What an active does it is told by GO and PAUSE, see {@link Participant}; what it is asked (ASK) it answers (ANSWER),
 * see {@link StandbyAnswers}. What it finds to be wrong it says as WRONG, and ends.
 *
 * <p>Arguments: domain directory, directory of inboxes, how many applications there are, seed, {@link StandbyMode}, number of the node.
 */
final class CoordinatedNode {
    static final int GAVE_UP_STATUS = 4;
    static final Duration LEASE = Duration.ofMillis(300);
    /** How long a standby is held that was just made. */
    private static final Duration FIRST_HOLD = Duration.ofSeconds(10);
    private static final int WRONG_STATUS = 3;
    private static final int POOL_BYTES = 2 << 20;
    private static final int RING_BYTES = 1 << 20;

    private final Path domain;
    private final Path inboxes;
    private final int applications;
    private final long seed;
    private final StandbyMode mode;
    private final CompletableFuture<String[]> role = new CompletableFuture<>();
    private int application;
    private volatile Participant participant;
    private volatile StandbyAnswers standby;

    private CoordinatedNode(String[] args) {
        domain = Path.of(args[0]);
        inboxes = Path.of(args[1]);
        applications = Integer.parseInt(args[2]);
        mode = StandbyMode.valueOf(args[4]);
        seed = Long.parseLong(args[3]) + Long.parseLong(args[5]);
    }

    /** Of an application, by its number. */
    static String name(int application) {
        return "app" + application;
    }

    static Path inbox(Path inboxes, int application) {
        return inboxes.resolve("inbox-" + application);
    }

    /** What the application was told of decisions: 1 for committed, 0 for aborted. */
    static Path told(Path inboxes, int application) {
        return inboxes.resolve("told-" + application);
    }

    public static void main(String[] args) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            e.printStackTrace();
            say("WRONG failed: thread " + thread.getName() + ": " + e);
            Runtime.getRuntime().halt(WRONG_STATUS);
        });
        new CoordinatedNode(args).run();
    }

    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private void run() throws Exception {
        Thread commands = new Thread(this::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        say("SPARE");
        String[] order = role.get();
        application = Integer.parseInt(order[1]);
        ThaApplication serving = order[0].equals("OPEN") ? open() : follow(order.length > 2);
        while (true) {
            serve(serving);
            say("FENCED");
            serving.close();
            serving = follow(false);
        }
    }

    private ThaConfig config() {
        ThaConfig.Builder builder = ThaConfig.builder().poolBytes(POOL_BYTES).ringBytes(RING_BYTES).lease(LEASE).standbyMode(mode);
        if (!System.getProperty("tha.crashPoint", "").isEmpty()) {
            // Its thread passes crash points too, wherever the service's thread is at that moment.
            builder.scrubShare(0);
        }
        return builder.build();
    }

    private ThaApplication open() {
        ThaApplication opened = ThaApplication.open(domain, name(application), config());
        opened.register(Rows.layouts());
        try (Transaction transaction = opened.begin()) {
            Rows.create(opened.pool());
            transaction.commit();
        }
        return opened;
    }

    private ThaApplication follow(boolean held) throws InterruptedException {
        try {
            ThaStandby following = ThaStandby.open(domain, name(application), config());
            following.register(Rows.layouts());
            following.awaitReady();
            standby = new StandbyAnswers(following);
            if (held) {
                holdAtOnce(standby);
            }
            say("READY");
            ThaApplication next = following.awaitTakeover().application();
            standby = null;
            return next;
        } catch (ThaException e) {
            say("GAVE UP " + e.getMessage());
            Runtime.getRuntime().halt(GAVE_UP_STATUS);
            throw e;
        }
    }

    private static void holdAtOnce(StandbyAnswers made) throws InterruptedException {
        try {
            made.holdFor(FIRST_HOLD);
        } catch (IllegalStateException e) {
            // It takes over at its first moment, or copies anew: who wants to read it is told.
        }
    }

    private void serve(ThaApplication serving) {
        try (ThaCoordinator coordinator = ThaCoordinator.open(domain)) {
            participant = new Participant(serving, coordinator, new Participant.Place(inboxes, application, applications), seed);
            participant.run();
        } catch (FencedException e) {
            say("(" + e.getMessage() + ")");
        } finally {
            participant = null;
        }
    }

    private void obey() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "OPEN", "JOIN" -> role.complete(words);
                    case "ASK" -> say("ANSWER " + words[1] + " " + answer(Arrays.copyOfRange(words, 2, words.length)) + Member.ANSWER_END);
                    default -> order(line);
                }
            }
        } catch (IOException e) {
            System.err.println("its commands cannot be read any more: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Who started it is gone, or wants it to go.
        Runtime.getRuntime().halt(0);
    }

    private void order(String line) {
        Participant serving = participant;
        if (serving != null) {
            serving.order(line);
        }
    }

    /** OK and what was asked for, or NO and why: who asks tries again. */
    private String answer(String[] question) throws InterruptedException {
        Participant serving = participant;
        StandbyAnswers following = standby;
        try {
            if (serving != null) {
                return "OK " + serving.answer(question);
            }
            return following == null ? "NO it neither serves nor follows" : "OK " + following.answer(question);
        } catch (ThaException | IllegalStateException e) {
            return "NO " + e.getMessage();
        }
    }
}
