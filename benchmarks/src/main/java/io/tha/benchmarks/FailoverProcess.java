package io.tha.benchmarks;

import io.tha.FencedException;
import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import io.tha.standby.ThaStandby;
import io.tha.takeover.Takeover;
import io.tha.testkit.ForkedJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A service that writes an object at random in each transaction: first as an active that fills its pool, later as a standby that took over. */
final class FailoverProcess {
    /** What a standby prints after its first commit: when the old active was seen to be gone, and all that followed; then its first value. */
    static final String COMMITTED = "COMMITTED";

    /** What an active prints that has handed over: its last value, when it had committed that, and how it ended. */
    static final String HANDED_OVER = "HANDED-OVER";

    private static final String SWITCH = "SWITCH";
    private static final String COUNTER_NAME = "counter";
    private static final Duration SWITCH_TIMEOUT = Duration.ofSeconds(10);
    private static final String GOING = "GOING";
    private static final String FIRST = "first";
    private static final String NEXT = "next";
    private static final int WORDS = 128;
    private static final int TRANSACTION_LENGTH = 1_000;
    private static final double FILL = 0.9;
    private static final int SAMPLE = 4_096;
    private static final int REHEARSED = 30_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final Layout BLOCK = Layout.named("block").int64Array("words", WORDS).build();
    private static final LongField WORD = BLOCK.int64Field("words");
    /** Objects to write, which lie anywhere in the pool. */
    private final long[] handles = new long[SAMPLE];

    private final SplittableRandom random = new SplittableRandom();
    private int next;
    private long counter;
    private volatile String switched = "nobody asked";

    private FailoverProcess() {}

    /** Starts an active and waits until its pool is full. */
    static ForkedJvm startActive(Path domain, long poolBytes, int rate) {
        return PeerProcess.start(FailoverProcess.class, domain, poolBytes, FIRST, rate);
    }

    /** Starts a standby and waits until it follows. */
    static ForkedJvm startStandby(Path domain, long poolBytes, int rate) {
        return PeerProcess.start(FailoverProcess.class, domain, poolBytes, NEXT, rate);
    }

    /** Asks a process that serves to hand over; it prints {@link #HANDED_OVER}. */
    static void switchOver(ForkedJvm active) {
        active.send(SWITCH);
    }

    /** It commits from now on. */
    static void go(ForkedJvm active) {
        active.send("GO");
        active.awaitLine(GOING);
    }

    /** Arguments: domain directory, size of the pool in bytes, which of the two it is, commits per second (0: one after the other). */
    public static void main(String[] args) throws InterruptedException {
        FailoverProcess process = new FailoverProcess();
        process.serve(args[2].equals(FIRST) ? process.open(args) : process.takeOver(args), Integer.parseInt(args[3]));
    }

    private ThaApplication open(String[] args) {
        ThaApplication application = ThaApplication.open(PeerProcess.domain(args), PeerProcess.NAME, PeerProcess.config(args));
        application.register(BLOCK);
        createCounter(application);
        fill(application, (long) (application.pool().freeBytes() * (1 - FILL)));
        choose(application.pool());
        System.out.println(PeerProcess.READY);
        return application;
    }

    private ThaApplication takeOver(String[] args) throws InterruptedException {
        ThaStandby standby = ThaStandby.open(PeerProcess.domain(args), PeerProcess.NAME, PeerProcess.config(args));
        standby.register(BLOCK);
        standby.rehearse(this::rehearse);
        standby.awaitReady();
        standby.read(pool -> {
            choose(pool);
            return null;
        });
        System.out.println(PeerProcess.READY);
        Takeover takeover = standby.awaitTakeover();
        long woken = System.nanoTime();
        ThaApplication application = takeover.application();
        next = (int) WORD.get(application.pool(), counter, 0) + 1;
        long first = next;
        writeOne(application);
        long committed = System.nanoTime();
        System.out.println(String.join(
                " ",
                COMMITTED,
                Long.toString(takeover.claimedNanos()),
                Long.toString(takeover.sealedNanos()),
                Long.toString(takeover.servingNanos()),
                Long.toString(woken),
                Long.toString(committed),
                Long.toString(first)));
        return application;
    }

    /** Until it is killed, or has handed over. */
    private void serve(ThaApplication application, int rate) {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (readLine(input) == null) {
            return;
        }
        Thread listener = new Thread(() -> switchOverWhenAsked(application, input), "switchover");
        listener.setDaemon(true);
        listener.start();
        System.out.println(GOING);
        long committed = 0;
        long pauseNanos = rate == 0 ? 0 : SECOND_NANOS / rate;
        try {
            for (long time = System.nanoTime(); ; time += pauseNanos) {
                writeOne(application);
                committed = System.nanoTime();
                while (rate > 0 && System.nanoTime() - time < pauseNanos) {
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        } catch (FencedException e) {
            long last = next;
            joinUninterruptibly(listener);
            System.out.println(String.join(" ", HANDED_OVER, Long.toString(last - 1), Long.toString(committed), switched));
        }
    }

    private static String readLine(BufferedReader input) {
        try {
            return input.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void switchOverWhenAsked(ThaApplication application, BufferedReader input) {
        if (SWITCH.equals(readLine(input))) {
            switched = application.switchover(SWITCH_TIMEOUT).end().name();
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOne(ThaApplication application) {
        try (Transaction transaction = application.begin()) {
            long handle = handles[next & SAMPLE - 1];
            WORD.set(application.pool(), handle, next & WORDS - 1, next);
            WORD.set(application.pool(), counter, 0, next++);
            transaction.commit();
        }
    }

    private void rehearse(ThaApplication application) {
        application.register(BLOCK);
        createCounter(application);
        fill(application, application.pool().freeBytes() / 2);
        choose(application.pool());
        for (int i = 0; i < REHEARSED; i++) {
            writeOne(application);
        }
    }

    private void choose(ThaPool pool) {
        counter = pool.find(COUNTER_NAME);
        long[] all = new long[1 + (int) (pool.structure().memory().sizeBytes() / BLOCK.sizeBytes())];
        int[] count = {0};
        pool.forEach(handle -> all[count[0]++] = handle);
        for (int i = 0; i < SAMPLE; i++) {
            handles[i] = all[random.nextInt(count[0])];
        }
    }

    private static void createCounter(ThaApplication application) {
        try (Transaction transaction = application.begin()) {
            application.pool().allocate(BLOCK, COUNTER_NAME);
            transaction.commit();
        }
    }

    private static void fill(ThaApplication application, long end) {
        while (application.pool().freeBytes() > end) {
            try (Transaction transaction = application.begin()) {
                for (int i = 0; i < TRANSACTION_LENGTH && application.pool().freeBytes() > end; i++) {
                    long handle = application.pool().allocateDynamic(BLOCK);
                    for (int word = 0; word < WORDS; word++) {
                        WORD.set(application.pool(), handle, word, handle + word);
                    }
                }
                transaction.commit();
            }
        }
    }
}
