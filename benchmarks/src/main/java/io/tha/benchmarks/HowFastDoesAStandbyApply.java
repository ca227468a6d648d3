package io.tha.benchmarks;

import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.FrameHandler;
import io.tha.region.LogFile;
import io.tha.region.LogReader;
import io.tha.region.ReaderSlots;
import io.tha.testkit.ForkedJvm;
import java.util.Arrays;

/**
 * Stops a standby's process, commits transactions that change two objects of 64 bytes each until the ring is nearly full, lets the standby go on
 * and takes the time until it has applied them. Against a reader that walks the same log and only checks it. Target: at least 2 million
 * transactions a second.
 */
public final class HowFastDoesAStandbyApply {
    private static final double FILL = 0.55;
    private static final double SECOND = 1e9;

    /** How much is done. */
    private record Size(int objects, long ringBytes, int rounds) {
        static Size of(String[] args) {
            return Arrays.asList(args).contains("--quick") ? new Size(1_000, 1L << 20, 1) : new Size(1_000_000, 1L << 30, 3);
        }

        int transactions() {
            return (int) (ringBytes * FILL / CommitScene.TRANSACTION_BYTES);
        }
    }

    private HowFastDoesAStandbyApply() {}

    /** Argument: {@code --quick} for a round that only shows that it works. */
    public static void main(String[] args) {
        Size size = Size.of(args);
        for (boolean checksums : new boolean[] {true, false}) {
            try (CommitScene scene = new CommitScene(size.objects, size.ringBytes, checksums); LogWalk walk = new LogWalk(scene)) {
                ForkedJvm standby = scene.startStandby();
                for (int round = 1; round <= size.rounds; round++) {
                    run(scene, walk, standby, size.transactions());
                }
            }
        }
    }

    private static void run(CommitScene scene, LogWalk walk, ForkedJvm standby, int transactions) {
        scene.awaitFollowed();
        standby.stop();
        long start = walk.tail();
        long committing = System.nanoTime();
        for (int i = 0; i < transactions; i++) {
            scene.transact();
        }
        long committed = System.nanoTime() - committing;
        long walked = walk.nanos(start, transactions);
        long resumed = System.nanoTime();
        standby.resume();
        scene.awaitFollowed();
        long applied = System.nanoTime() - resumed;
        System.out.printf(
                "checksums=%-5s %,d transactions: committed %,.0f/s, applied %,.0f/s, walked and checked only %,.0f/s; apply takes %.2f of a walk%n",
                walk.hasChecksums(),
                transactions,
                transactions * SECOND / committed,
                transactions * SECOND / applied,
                transactions * SECOND / walked,
                (double) applied / walked);
    }

    /** The baseline: a second reader of the log, here. */
    private static final class LogWalk implements AutoCloseable, FrameHandler {
        private final ControlFile control;
        private final LogFile log;
        private long found;

        LogWalk(CommitScene scene) {
            control = ControlFile.open(scene.domain());
            log = LogFile.open(new DomainFiles(control, PeerProcess.NAME).log(scene.application().epoch()));
        }

        boolean hasChecksums() {
            return log.hasChecksums();
        }

        long tail() {
            return log.checkedTail();
        }

        long nanos(long start, int transactions) {
            found = 0;
            ReaderSlots slots = new ReaderSlots(log, slot -> control.watch(slot).isDead());
            try (LogReader reader = LogReader.join(log, slots, control.processSlot(), () -> start)) {
                long from = System.nanoTime();
                while (reader.poll(this) > 0) {
                    // Until the tail.
                }
                long walked = System.nanoTime() - from;
                if (found != transactions) {
                    throw new IllegalStateException("walked over " + found + " transactions, expected " + transactions);
                }
                return walked;
            }
        }

        @Override
        public void frame(int type, long address, int lengthBytes) {
            // Checked by the reader.
        }

        @Override
        public void committed(long transactionId, long endPosition) {
            found++;
        }

        @Override
        public void close() {
            log.close();
            control.close();
        }
    }
}
