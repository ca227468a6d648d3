package io.tha.active;

import io.tha.FencedException;
import io.tha.capture.ScrubAnswer;
import io.tha.capture.ScrubSlice;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;
import io.tha.region.LogWriter;
import io.tha.region.ScrubRequests;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The thread by which an active tells its standbys, again and again, hashes of all its objects, and what they ask for; docs/formats.md 3.8. It works
 * in bursts, so that standbys sleep in between, and keeps to its share of one processor.
 *
 * <p>Threads: its own; it takes the commit lock for one slice at a time.
 */
final class Scrubber implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Scrubber.class.getName());
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long YIELD_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final ReentrantLock commitLock;
    private final CommittedImage image;
    private final LogWriter log;
    private final ScrubSlice slice;
    private final ScrubAnswer answer;
    private final ScrubRequests requests;
    private final LongSupplier transactionIds;
    private final Runnable requireImage;
    private final double share;
    private final Thread thread;
    private final ScrubRequests.Answerer answerer = this::answer;
    private final Runnable nextSlice = this::publishSlice;
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean serving;
    private volatile boolean closed;
    /** Of the burst at hand. */
    private long spentNanos;

    /**
     * Prepares the thread; it does nothing before {@link #serve}.
     *
     * @param commitLock of the application
     * @param parts of it; with an image
     * @param log to which it publishes under the lock
     * @param transactionIds gives one, under the lock
     * @param requireImage fails, under the lock, when the image may not have all that was published
     */
    Scrubber(ReentrantLock commitLock, ActiveParts parts, LogWriter log, LongSupplier transactionIds, Runnable requireImage) {
        this.commitLock = commitLock;
        this.log = log;
        this.transactionIds = transactionIds;
        this.requireImage = requireImage;
        image = parts.image();
        share = parts.config().scrubShare();
        PoolStructure pool = parts.pool().structure();
        slice = new ScrubSlice(pool, image);
        answer = new ScrubAnswer(pool, image, log);
        requests = new ScrubRequests(log.readers());
        thread = new Thread(this::run, "tha-scrub-" + parts.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on it scrubs; a takeover does not wait until its thread has noticed. */
    void serve() {
        serving = true;
    }

    private void run() {
        try {
            while (!closed) {
                spentNanos = 0;
                if (serving && log.readers().followingCount() > 0) {
                    burst();
                    log.wakeReaders();
                }
                LockSupport.parkNanos(this, pause());
            }
        } catch (FencedException e) {
            // The service is told by its next commit, and by isActive.
            LOG.log(System.Logger.Level.DEBUG, "scrubbing ends: {0}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "scrubbing ends; the application goes on without it", e);
        }
    }

    /** A burst of at most one round a period is enough, unless all of a processor was given. */
    private long pause() {
        boolean unpaused = share == 1 && spentNanos > 0;
        return unpaused ? 1 : Math.max(PERIOD_NANOS, (long) (spentNanos / share)) - spentNanos;
    }

    /** At most one round. */
    private void burst() {
        long budget = (long) (PERIOD_NANOS * share);
        long begin = System.nanoTime();
        boolean roundEnded = false;
        while (!closed && spentNanos < budget && System.nanoTime() - begin < PERIOD_NANOS) {
            if (!log.hasRoomToScrub()) {
                awaitReaders();
            } else if (requests.poll(answerer) == 0) {
                if (roundEnded) {
                    return;
                }
                locked(nextSlice);
                roundEnded = slice.endsRound();
            }
        }
    }

    /** A standby that does not follow has scrubbing wait for it, for all of them: until it has caught up, was dropped, or is found dead. */
    private void awaitReaders() {
        log.wakeReaders();
        log.readers().reclaim();
        LockSupport.parkNanos(YIELD_NANOS);
    }

    private void locked(Runnable work) {
        // The lock is not fair: who waits for it would see slice after slice go first.
        while (commitLock.hasQueuedThreads() && !closed) {
            LockSupport.parkNanos(YIELD_NANOS);
        }
        commitLock.lock();
        long start = System.nanoTime();
        try {
            if (!closed) {
                requireImage.run();
                work.run();
            }
        } catch (RuntimeException | Error e) {
            log.cancel();
            throw e;
        } finally {
            spentNanos += System.nanoTime() - start;
            commitLock.unlock();
        }
    }

    private void publishSlice() {
        int length = slice.fill();
        image.memory().requireWhole();
        // The image has everything below: it is not changed without this lock. Else who joins would redo from where the log was given up.
        image.appliedRelease(log.publishScrub(slice.body(), length));
        objects.lazySet(objects.getPlain() + slice.objects());
        if (slice.endsRound()) {
            rounds.lazySet(rounds.getPlain() + 1);
        }
    }

    private void answer(long handle, int start, int lengthBytes) {
        locked(() -> {
            if (answer.names(handle)) {
                answer.publish(transactionIds.getAsLong(), handle, start, lengthBytes);
                answers.lazySet(answers.getPlain() + 1);
            }
        });
    }

    /** How many objects were hashed; each once a round. */
    long objects() {
        return objects.get();
    }

    /** How often all objects were hashed. */
    long rounds() {
        return rounds.get();
    }

    /** How many requests of standbys were answered. */
    long answers() {
        return answers.get();
    }

    /** Ends the thread; what it reads may be unmapped afterwards. Not under the commit lock. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        slice.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
