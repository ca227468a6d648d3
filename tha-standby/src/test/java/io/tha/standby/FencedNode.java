package io.tha.standby;

import io.tha.FencedException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.memory.CrashPoint;
import io.tha.takeover.Takeover;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Many applications of one domain, one for each {@link FencedStop}. As the active of all of them it performs each one's operation in a thread of its
 * own, and keeps the thread where the stop says; then it prints {@code HELD}, and at the line {@code GO} lets all go on. It prints {@code ENDED} for
 * each, and whether what it tries afterwards is refused. Its passages of crash points are observed.
 *
 * <p>As the standby of all it prints {@code READY}, {@code SERVES} for each that it has taken over, and at the line {@code GO} commits once in
 * each, and prints {@code GOES ON}.
 */
final class FencedNode {
    private static final ThaConfig CONFIG = ThaConfig.builder()
            .poolBytes(2 << 20)
            .ringBytes(64 << 10)
            .lease(Duration.ofMillis(1_500))
            .build();
    private static final int AT_ONCE = 8;

    private static final ThreadLocal<Held> HELD = new ThreadLocal<>();

    /** A thread on its way to the place where it is kept. */
    private static final class Held {
        final FencedStop stop;
        final CountDownLatch arrived = new CountDownLatch(1);
        final CountDownLatch goesOn = new CountDownLatch(1);
        int passagesLeft;

        Held(FencedStop stop) {
            this.stop = stop;
            passagesLeft = stop.passage();
        }

        void passes(CrashPoint point) {
            if (point == stop.point() && --passagesLeft == 0) {
                arrived.countDown();
                await(goesOn);
            }
        }
    }

    private FencedNode() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        Path directory = Path.of(args[1]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (args[0].equals("active")) {
            serve(directory, input);
        } else {
            follow(directory, input);
        }
    }

    private static void serve(Path directory, BufferedReader input) throws IOException {
        List<Held> all = new ArrayList<>();
        List<ThaApplication> applications = new ArrayList<>();
        for (FencedStop stop : FencedStop.ALL) {
            ThaApplication application = ThaApplication.open(directory, stop.application(), CONFIG);
            FencedStop.setUp(application);
            all.add(new Held(stop));
            applications.add(application);
        }
        System.out.println("OPEN");
        input.readLine();
        CrashPoint.observe(FencedNode::passes);
        for (int i = 0; i < all.size(); i++) {
            Held held = all.get(i);
            ThaApplication application = applications.get(i);
            new Thread(() -> perform(held, application), held.stop.application()).start();
        }
        all.forEach(held -> await(held.arrived));
        System.out.println("HELD");
        input.readLine();
        all.forEach(held -> held.goesOn.countDown());
        input.readLine();
    }

    private static void passes(CrashPoint point) {
        Held held = HELD.get();
        if (held != null) {
            held.passes(point);
        }
    }

    private static void perform(Held held, ThaApplication application) {
        Transaction transaction = held.stop.begin(application);
        HELD.set(held);
        String end;
        try {
            held.stop.perform(transaction);
            end = "DONE";
        } catch (FencedException e) {
            end = "FENCED";
        } catch (RuntimeException e) {
            end = "FAILED with " + e;
        }
        HELD.remove();
        held.arrived.countDown();
        System.out.println("ENDED " + held.stop.application() + " " + end + " " + isRefused(application, transaction) + " " + application.isActive());
    }

    private static boolean isRefused(ThaApplication application, Transaction before) {
        try {
            before.close();
        } catch (FencedException e) {
            // It was open, and would have been aborted.
        }
        try (Transaction transaction = application.begin()) {
            transaction.commit();
            return false;
        } catch (FencedException e) {
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A rehearsal takes some tenths of a second: some at once, so that none of them needs much memory. */
    private static void follow(Path directory, BufferedReader input) throws InterruptedException, IOException {
        List<ThaStandby> standbys = new ArrayList<>();
        for (FencedStop stop : FencedStop.ALL) {
            ThaStandby standby = ThaStandby.open(directory, stop.application(), CONFIG);
            standby.register(FencedStop.COUNTER);
            standby.start();
            standbys.add(standby);
            if (standbys.size() >= AT_ONCE) {
                standbys.get(standbys.size() - AT_ONCE).awaitReady();
            }
        }
        for (ThaStandby standby : standbys) {
            standby.awaitReady();
        }
        System.out.println("READY");
        List<ThaApplication> applications = new ArrayList<>();
        for (int i = 0; i < standbys.size(); i++) {
            Takeover takeover = standbys.get(i).awaitTakeover();
            ThaApplication application = takeover.application();
            applications.add(application);
            System.out.println("SERVES " + FencedStop.ALL.get(i).application() + " " + application.epoch() + " " + FencedStop.value(application) + " "
                    + takeover.intents().size());
        }
        input.readLine();
        for (ThaApplication application : applications) {
            application.begin().commit();
        }
        System.out.println("GOES ON");
        input.readLine();
    }
}
