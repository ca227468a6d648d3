package io.tha.torture;

import io.tha.Intent;
import io.tha.ThaException;
import io.tha.active.ThaApplication;
import io.tha.standby.ThaStandby;
import io.tha.takeover.Takeover;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/**
 * A process to be tortured. It says SPARE, and waits to be told to OPEN the application, or to JOIN it as a standby; then it follows, takes over,
 * serves, and when it is fenced joins anew. What it finds to be wrong it says as WRONG, and ends.
 *
 * <p>Arguments: domain directory, directory of the journals, seed, {@link NodeOptions}, number of the node.
 */
final class TortureNode {
    static final String APPLICATION = "torture";
    static final int WRONG_STATUS = 3;
    static final int GAVE_UP_STATUS = 4;
    private static final Duration SWITCHOVER_TIMEOUT = Duration.ofSeconds(2);
    private static final int WARMING_ROUNDS = 20;

    private final Path domain;
    private final NodeOptions options;
    private final long seed;
    private final int number;
    private final Journal[] journals = new Journal[Plan.LANES];
    private final StateCheck check;
    private final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private volatile ThaStandby standby;
    private volatile Service service;

    private TortureNode(String[] args) {
        domain = Path.of(args[0]);
        seed = Long.parseLong(args[2]);
        options = NodeOptions.parse(args[3]);
        number = Integer.parseInt(args[4]);
        check = new StateCheck(seed);
        Arrays.setAll(journals, lane -> new Journal(Journal.file(Path.of(args[1]), number, lane)));
    }

    public static void main(String[] args) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            e.printStackTrace();
            wrong("failed: thread " + thread.getName() + ": " + e);
        });
        new TortureNode(args).run();
    }

    static synchronized void say(String line) {
        System.out.println(line);
    }

    static void wrong(String problem) {
        say("WRONG " + problem);
        System.out.flush();
        Runtime.getRuntime().halt(WRONG_STATUS);
    }

    private void run() throws IOException, InterruptedException {
        warmUp();
        say("SPARE");
        String order = input.readLine();
        Thread commands = new Thread(this::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        if ("OPEN".equals(order)) {
            ThaApplication application = ThaApplication.open(domain, APPLICATION, options.config());
            application.register(LaneText.layouts());
            serve(application, List.of());
        }
        while (true) {
            follow();
        }
    }

    /** While nobody waits for it. */
    private void warmUp() {
        LaneModel model = new LaneModel(seed, 0);
        for (int i = 0; i < WARMING_ROUNDS; i++) {
            model.lines(i);
        }
    }

    private void follow() throws InterruptedException {
        try (ThaStandby following = ThaStandby.open(domain, APPLICATION, options.config())) {
            following.register(LaneText.layouts());
            standby = following;
            StandbyReader reader = new StandbyReader(following, check, options.slow());
            Takeover takeover = awaitTakeover(following, reader);
            reader.end();
            standby = null;
            takeover.application().register(LaneText.layouts());
            serve(takeover.application(), takeover.intents());
        }
    }

    private static Takeover awaitTakeover(ThaStandby following, StandbyReader reader) throws InterruptedException {
        try {
            following.awaitReady();
            say("READY");
            reader.start();
            return following.awaitTakeover();
        } catch (ThaException e) {
            say("GAVE UP " + e.getMessage());
            Runtime.getRuntime().halt(GAVE_UP_STATUS);
            throw e;
        }
    }

    private void serve(ThaApplication application, List<Intent> handed) throws InterruptedException {
        application.switchoverOnShutdown(SWITCHOVER_TIMEOUT);
        String problem = check.problem(application.pool());
        if (problem != null) {
            wrong("after its takeover of epoch " + application.epoch() + " " + problem);
        }
        Service serving = new Service(application, journals, check, seed + number);
        serving.report(handed, seed);
        say("SERVING " + application.epoch());
        service = serving;
        serving.run();
        service = null;
        say("FENCED " + application.epoch());
        application.close();
    }

    private void obey() {
        try {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                obey(line.split(" ", -1));
            }
        } catch (IOException e) {
            System.err.println("its commands cannot be read any more: " + e);
        }
        // Who started it is gone, or wants it to go.
        Runtime.getRuntime().halt(0);
    }

    private void obey(String[] command) throws IOException {
        switch (command[0]) {
            case "OUTCOME" -> say("OUTCOME " + command[1] + " " + outcomes(Arrays.copyOfRange(command, 2, command.length)));
            case "PAUSE" -> service.pause();
            case "DUMP" -> {
                Files.write(Path.of(command[1]), dump());
                say("DUMPED");
            }
            default -> throw new IOException("unknown command " + command[0]);
        }
    }

    /** Who answers, the epoch of what it knows, and the answers. */
    private String outcomes(String[] ids) {
        Service serving = service;
        ThaStandby following = standby;
        try {
            if (serving != null) {
                String answers = serving.epoch() + answers(ids, serving::outcome);
                return serving.isActive() ? "active " + answers : "nobody";
            }
            return following == null ? "nobody" : "standby " + following.status().epoch() + answers(ids, following::outcome);
        } catch (IllegalStateException e) {
            return "nobody";
        }
    }

    private static String answers(String[] ids, LongFunction<Object> outcome) {
        StringBuilder answers = new StringBuilder();
        for (String id : ids) {
            answers.append(' ').append(outcome.apply(Long.parseLong(id)));
        }
        return answers.toString();
    }

    private List<String> dump() {
        List<List<String>> lanes = lanes();
        while (lanes == null) {
            LockSupport.parkNanos(micros(1_000));
            lanes = lanes();
        }
        return lanes.stream().flatMap(List::stream).toList();
    }

    /** Null while the copy of a standby is being built, as of one that was dropped on a busy machine: what it will have counts. */
    private List<List<String>> lanes() {
        Service serving = service;
        try {
            return serving != null ? LaneText.lines(serving.pool()) : standby.read(LaneText::lines);
        } catch (IllegalStateException e) {
            if (serving != null || standby.status().failure() != null) {
                throw e;
            }
            return null;
        }
    }

    static long micros(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }
}
