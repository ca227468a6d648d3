package io.tha.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Rounds of writing so many pages and having them found, timed. */
final class TrackerRounds {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int MIN_ROUNDS = 4;
    /** The baseline takes its turn after so many rounds: often enough to see the same machine, and rarely enough to be as warm. */
    private static final int TURN = 16;

    private final TrackerScene scene;
    private final int pages;
    private final boolean setsToo;
    private final boolean putsToo;
    private Samples set;
    private Samples put;
    private Samples decide;
    private Samples peerWrite;
    private Samples peerDecide;
    private long allocated;
    private int next;

    /**
     * Of a scene.
     *
     * @param pages that each round writes
     * @param sets whether writes are made by fields
     * @param puts whether writes are made by address; in turns, if both
     */
    TrackerRounds(TrackerScene scene, int pages, boolean sets, boolean puts) {
        this.scene = scene;
        this.pages = pages;
        setsToo = sets;
        putsToo = puts;
    }

    /** At most so many rounds, and for at most that long, but some, after half as many to get warm. */
    TrackerRounds run(TrackerScene.Watch watch, TrackerPeer peer, int rounds, long budgetNanos) {
        runWithin(watch, peer, (rounds + 1) / 2, budgetNanos / 2);
        runWithin(watch, peer, rounds, budgetNanos);
        return this;
    }

    private void runWithin(TrackerScene.Watch watch, TrackerPeer peer, int rounds, long budgetNanos) {
        set = new Samples(rounds);
        put = new Samples(rounds);
        decide = new Samples(rounds);
        peerWrite = new Samples(rounds);
        peerDecide = new Samples(rounds);
        allocated = 0;
        long start = System.nanoTime();
        for (int i = 0; i < rounds && (i < MIN_ROUNDS || System.nanoTime() - start < budgetNanos); i++) {
            round(watch, nextPages(), i);
            if (peer != null && (i + 1) % TURN == 0) {
                peerRounds(peer, TURN);
            }
        }
        if (peer != null) {
            peerRounds(peer, decide.count() - peerDecide.count());
        }
    }

    /** Other pages than those before, which a cache may still have. */
    private int nextPages() {
        int from = next + pages <= scene.pageCount() ? next : 0;
        next = from + pages;
        return from;
    }

    private void peerRounds(TrackerPeer peer, int count) {
        int[] from = new int[count];
        for (int i = 0; i < count; i++) {
            from[i] = nextPages();
        }
        peer.rounds(scene, from, pages, this);
    }

    private void round(TrackerScene.Watch watch, int from, int i) {
        boolean byField = setsToo && (!putsToo || i % 2 == 0);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        watch.begin();
        long begin = System.nanoTime();
        if (byField) {
            scene.set(from, pages);
        } else {
            scene.put(from, pages);
        }
        long written = System.nanoTime();
        watch.decide();
        long decided = System.nanoTime();
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        (byField ? set : put).add(written - begin);
        decide.add(decided - written);
        if (!watch.hasFound(pages)) {
            throw new IllegalStateException("of " + pages + " pages that were written, some were not found");
        }
    }

    /** The baseline's times. */
    void peer(long writeNanos, long decideNanos) {
        peerWrite.add(writeNanos);
        peerDecide.add(decideNanos);
    }

    int pages() {
        return pages;
    }

    int count() {
        return decide.count();
    }

    Samples set() {
        return set;
    }

    Samples put() {
        return put;
    }

    Samples decide() {
        return decide;
    }

    Samples peerWrite() {
        return peerWrite;
    }

    Samples peerDecide() {
        return peerDecide;
    }

    /** Bytes of garbage of a round. */
    double garbage() {
        return (double) allocated / count();
    }

    /** Faults and scans against the baseline's, of medians. */
    double ratio() {
        return (double) (put.median() + decide.median()) / (peerWrite.median() + peerDecide.median());
    }

    /** Of the least times, in which others on this machine took no part. */
    double ratioOfLeast() {
        return (double) (put.least() + decide.least()) / (peerWrite.least() + peerDecide.least());
    }
}
