package io.tha.benchmarks;

import io.tha.active.Ack;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import io.tha.testkit.ForkedJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Scanner;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * An active in a process of its own that commits at a steady pace, two longs in two objects at random, and tells how long that took: apart for the
 * time in which a standby makes its copy.
 */
final class JoinedActive {
    static final String LATENCY = "LATENCY";

    private static final long PACE_NANOS = 10_000;
    private static final long LOOK_NANOS = 100_000;
    private static final int MOST_SAMPLES = 4_000_000;
    private static final int TRANSACTION_LENGTH = 1_000;
    private static final double FILL = 0.95;
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    private final ThaApplication application;
    private final LongField first;
    private final Samples alone = new Samples(MOST_SAMPLES);
    private final Samples joined = new Samples(MOST_SAMPLES);
    private volatile boolean joining;
    private volatile long lastCommit;
    private volatile boolean asked;

    private JoinedActive(ThaApplication application, LongField first) {
        this.application = application;
        this.first = first;
    }

    /** Starts it and waits until its pool is full. */
    static ForkedJvm start(Path domain, long poolBytes, int words) {
        return ForkedJvm.of(JoinedActive.class)
                .args(domain, poolBytes, words)
                .jvmArgs("-da", "-Xms512m", "-Xmx512m", "-XX:+UseSerialGC")
                .deadline(DEADLINE)
                .start();
    }

    static Layout layout(int words) {
        return Layout.named("block").int64Array("words", words).build();
    }

    /** Arguments: domain directory, size of the pool in bytes, longs of an object. */
    public static void main(String[] args) {
        ThaConfig config = ThaConfig.builder().poolBytes(Long.parseLong(args[1])).readerTimeout(Duration.ofSeconds(5)).build();
        ThaApplication application = ThaApplication.open(Path.of(args[0]), PeerProcess.NAME, config);
        Layout layout = layout(Integer.parseInt(args[2]));
        application.register(layout);
        LongField words = layout.int64Field("words");
        long[] handles = fill(application, layout, words, Integer.parseInt(args[2]));
        System.out.println(PeerProcess.READY + " " + application.files().stream().filter(name -> name.endsWith(".image")).findFirst().orElseThrow());
        JoinedActive active = new JoinedActive(application, words);
        Thread looker = new Thread(active::look);
        looker.setDaemon(true);
        looker.start();
        Thread asker = new Thread(active::listen);
        asker.setDaemon(true);
        asker.start();
        active.commit(handles);
    }

    private static long[] fill(ThaApplication application, Layout layout, LongField words, int wordCount) {
        ThaPool pool = application.pool();
        long end = (long) (pool.freeBytes() * (1 - FILL));
        long[] handles = new long[(int) (pool.freeBytes() / ((long) wordCount * Long.BYTES))];
        int count = 0;
        while (pool.freeBytes() > end) {
            try (Transaction transaction = application.begin()) {
                for (int i = 0; i < TRANSACTION_LENGTH && pool.freeBytes() > 0; i++) {
                    handles[count] = pool.allocateDynamic(layout);
                    for (int word = 0; word < wordCount; word++) {
                        words.set(pool, handles[count], word, count + word);
                    }
                    count++;
                }
                transaction.commit();
            }
        }
        return Arrays.copyOf(handles, count);
    }

    private void commit(long[] handles) {
        SplittableRandom random = new SplittableRandom(1);
        long next = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            if (asked) {
                tell();
                next = System.nanoTime();
            } else if (now - next >= 0) {
                next += PACE_NANOS;
                long begin = System.nanoTime();
                transact(handles[random.nextInt(handles.length)], handles[random.nextInt(handles.length)], begin);
                Samples samples = joining ? joined : alone;
                if (!samples.isFull()) {
                    samples.add(System.nanoTime() - begin);
                }
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void transact(long one, long other, long value) {
        try (Transaction transaction = application.begin()) {
            first.set(application.pool(), one, 0, value);
            first.set(application.pool(), other, 0, value);
            lastCommit = transaction.commitAsync();
        }
    }

    private void tell() {
        // First: whoever reads the line may ask again at once.
        asked = false;
        System.out.println(LATENCY + " " + describe(alone) + " " + describe(joined));
        alone.clear();
        joined.clear();
    }

    /** Count, median, the one in a hundred, and the greatest, in nanoseconds. */
    private static String describe(Samples samples) {
        return samples.isEmpty() ? "0 0 0 0" : samples.count() + " " + samples.median() + " " + samples.percentile(99) + " " + samples.most();
    }

    /** A standby that has a place in the log and has not applied what is old makes its copy. */
    private void look() {
        while (true) {
            long old = lastCommit;
            LockSupport.parkNanos(LOOK_NANOS);
            joining = application.standbys() > 0 && !application.isAcknowledged(old, Ack.APPLIED);
        }
    }

    private void listen() {
        try (Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
            while (lines.hasNextLine()) {
                lines.nextLine();
                asked = true;
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
