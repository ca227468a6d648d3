package io.tha.torture.coordinated;

import io.tha.standby.JointRead;
import io.tha.torture.Failure;
import io.tha.torture.TortureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Reads standbys of several applications at one instant, again and again, while others kill them.
 *
 * <p>Threads: its own; {@link #readWithLater} the run's, and the counts any.
 */
final class JointReads implements Runnable {
    private static final System.Logger LOG = System.getLogger(JointReads.class.getName());
    private static final Duration ADVANCE = Duration.ofSeconds(1);
    private static final int MOST_PAUSE_MICROS = 5_000;
    private static final int[] OVERLAPS = {0, 16, 256, 2_048};

    private final CoordinatedCluster cluster;
    private final Verdicts verdicts;
    private final Random random;
    private final Thread thread = new Thread(this, "joint-reads");
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong freshReads = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private volatile String lastRepeated = "none was tried";
    private volatile boolean over;
    private volatile TortureException finding;

    JointReads(CoordinatedCluster cluster, Verdicts verdicts, long seed) {
        this.cluster = cluster;
        this.verdicts = verdicts;
        random = new Random(seed);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends, and waits for that. */
    void end() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Throws what it has found to be wrong. */
    void check() {
        TortureException found = finding;
        if (found != null) {
            throw found;
        }
    }

    /** How many were made. */
    long reads() {
        return reads.get();
    }

    /** How many of them had a standby at its first moment. */
    long freshReads() {
        return freshReads.get();
    }

    /** How many were ended by a kill, a stop or a takeover, and made again. */
    long repeated() {
        return repeated.get();
    }

    /** Why the last one of those was. */
    String lastRepeated() {
        return lastRepeated;
    }

    @Override
    public void run() {
        try {
            while (!over) {
                lock.lock();
                try {
                    readSome();
                } finally {
                    lock.unlock();
                }
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(MOST_PAUSE_MICROS)));
            }
        } catch (TortureException e) {
            finding = e;
        } catch (RuntimeException | Error e) {
            finding = new TortureException(Failure.FAILED, "who reads standbys together: " + e);
            LOG.log(System.Logger.Level.ERROR, "joint reads", e);
        }
    }

    /** Standbys of some applications, in any order, one of each. */
    private void readSome() {
        List<Member> drawn = new ArrayList<>();
        for (int application = 0; application < cluster.applications(); application++) {
            List<Member> standbys = cluster.standbys(application);
            if (!standbys.isEmpty()) {
                drawn.add(standbys.get(random.nextInt(standbys.size())));
            }
        }
        if (drawn.size() >= 2) {
            Collections.shuffle(drawn, random);
            read(drawn.subList(0, 2 + random.nextInt(drawn.size() - 1)), () -> null);
        }
    }

    /** Reads standbys together with one that is made when they are held; by the run's thread. */
    void readWithLater(List<Member> members, Supplier<Member> later) {
        cluster.await("nobody else reads", lock::tryLock);
        try {
            read(members, later);
        } finally {
            lock.unlock();
        }
    }

    private void read(List<Member> members, Supplier<Member> later) {
        List<PipedStandby> held = new ArrayList<>();
        try {
            for (Member member : members) {
                held.add(PipedStandby.hold(member, verdicts));
            }
            Member fresh = later.get();
            if (fresh != null) {
                held.add(PipedStandby.hold(fresh, verdicts));
            }
            compare(held);
            freshReads.addAndGet(fresh == null ? 0 : 1);
        } catch (UnansweredException e) {
            repeated.incrementAndGet();
            lastRepeated = e.getMessage();
        } finally {
            held.forEach(PipedStandby::close);
        }
    }

    /** Held ones: aligned, and read one after the other, which is slow now and then. */
    private void compare(List<PipedStandby> held) {
        JointRead.align(held, ADVANCE);
        List<Shown> together = new ArrayList<>();
        for (PipedStandby standby : held) {
            int overlap = OVERLAPS[random.nextInt(OVERLAPS.length)];
            together.add(standby.read(Math.max(0, verdicts.seen(standby.application()) - overlap)));
            if (random.nextInt(8) == 0) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(MOST_PAUSE_MICROS)));
            }
        }
        verdicts.showTogether(together);
        reads.incrementAndGet();
    }
}
