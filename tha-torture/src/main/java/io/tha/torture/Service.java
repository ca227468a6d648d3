package io.tha.torture;

import io.tha.FencedException;
import io.tha.Intent;
import io.tha.Outcome;
import io.tha.active.ThaApplication;
import io.tha.pool.ThaPool;
import io.tha.torture.Journal.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The service while this process is the active: a thread for each lane, in bursts, until it is fenced.
 *
 * <p>Threads: any.
 */
final class Service {
    private static final int MOST_BURST = 40;
    private static final int MOST_PAUSE_MICROS = 10_000;

    private final ThaApplication application;
    private final Journal[] journals;
    private final StateCheck check;
    private final long paceSeed;
    private final Lane[] lanes = new Lane[Plan.LANES];
    private final List<List<Intent>> handed = new ArrayList<>();
    private volatile boolean paused;
    private int working = Plan.LANES;

    Service(ThaApplication application, Journal[] journals, StateCheck check, long paceSeed) {
        this.application = application;
        this.journals = journals;
        this.check = check;
        this.paceSeed = paceSeed;
    }

    /** Tells what was handed over, in the order in which it was announced. */
    void report(List<Intent> intents, long seed) {
        for (int i = 1; i < intents.size(); i++) {
            if (intents.get(i).number() <= intents.get(i - 1).number()) {
                TortureNode.wrong("intents: handed over out of order " + intents);
            }
        }
        for (int lane = 0; lane < lanes.length; lane++) {
            String prefix = lane + ":";
            lanes[lane] = new Lane(application, journals[lane], seed, lane);
            handed.add(intents.stream().filter(intent -> intent.text().startsWith(prefix)).toList());
        }
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane].report(handed.get(lane));
        }
    }

    /** Serves until another process does. */
    void run() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < lanes.length; i++) {
            int lane = i;
            Thread thread = new Thread(() -> work(lane), "lane-" + lane);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void work(int lane) {
        SplittableRandom random = new SplittableRandom(paceSeed * Plan.LANES + lane);
        try {
            lanes[lane].goOn(handed.get(lane));
            while (true) {
                for (int burst = random.nextInt(MOST_BURST); burst >= 0 && !paused; burst--) {
                    check.saw(lane, lanes[lane].next(List.of()));
                }
                rest(lane, random.nextInt(MOST_PAUSE_MICROS));
            }
        } catch (FencedException e) {
            journals[lane].add(Kind.FENCED, 0, 0, 0);
        }
    }

    private void rest(int lane, int micros) {
        LockSupport.parkNanos(TortureNode.micros(micros));
        if (paused) {
            standStill();
        }
        if (journals[lane].isNearlyFull()) {
            paused = true;
            new Thread(() -> System.exit(0), "leaves").start();
        }
    }

    /** For good; the last one says so. */
    private void standStill() {
        synchronized (this) {
            working--;
            if (working == 0) {
                TortureNode.say("PAUSED");
            }
        }
        while (application.isActive()) {
            LockSupport.parkNanos(TortureNode.micros(MOST_PAUSE_MICROS));
        }
        throw new FencedException("paused, and fenced");
    }

    void pause() {
        paused = true;
    }

    boolean isActive() {
        return application.isActive();
    }

    long epoch() {
        return application.epoch();
    }

    Outcome outcome(long transactionId) {
        return application.outcome(transactionId);
    }

    ThaPool pool() {
        return application.pool();
    }
}
