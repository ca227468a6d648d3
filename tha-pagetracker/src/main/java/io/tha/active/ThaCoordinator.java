package io.tha.active;

import io.tha.Outcome;
import io.tha.ThaException;
import io.tha.coordination.DecisionFile;
import io.tha.coordination.Decisions;
import io.tha.coordination.Trigger;
import io.tha.region.ControlFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Long2LongHashMap;

/**
 * Begins transactions in which several applications of a domain take part, each with its own process, pool and log: they commit together, or not at
 * all. Whoever has the id may pass it on as he likes; each participant joins with {@link ThaApplication#join}. Nothing depends on the process
 * that begins a transaction once it has begun.
 *
 * <p>Threads: any.
 */
public final class ThaCoordinator implements AutoCloseable {
    /** How long nobody may have joined before somebody else may abort a transaction, when its place in the table is wanted. */
    private static final long UNUSED_NANOS = TimeUnit.NANOSECONDS.convert(Duration.ofSeconds(10));

    private final ControlFile control;
    private final DecisionFile file;
    private final Decisions decisions;
    /** Transactions that nobody has joined and others began, and when they were met first. */
    private final Long2LongHashMap unused = new Long2LongHashMap(Long.MIN_VALUE);

    private boolean closed;

    private ThaCoordinator(ControlFile control) {
        this.control = control;
        try {
            file = DecisionFile.openOrCreate(control.domainDirectory());
        } catch (RuntimeException | Error e) {
            control.close();
            throw e;
        }
        decisions = file.decisions();
    }

    /**
     * Opens the domain's table of decisions, which is made if it is missing.
     *
     * @param domainDirectory of the applications
     */
    public static ThaCoordinator open(Path domainDirectory) {
        return new ThaCoordinator(ControlFile.open(domainDirectory));
    }

    /**
     * Begins a transaction that commits when all participants are done.
     *
     * @param participants names of 1 to 20 applications, each of which was opened in the domain before
     * @return its id, unique in the domain for all time
     * @throws IllegalArgumentException if there is no such application, or one is named twice
     * @throws ThaException if as many transactions are undecided as the table can have
     */
    public long begin(String... participants) {
        return begin(Trigger.EACH, 0, participants);
    }

    /** Begins a transaction, as {@link #begin}, that commits when the last participant is done; each must be done after those named before it. */
    public long beginInOrder(String... participants) {
        return begin(Trigger.LAST_IN_ORDER, 0, participants);
    }

    /**
     * Begins a transaction, as {@link #begin}, that commits when so many participants are done; the others can take no part any more then.
     *
     * @param count 1 to the number of participants
     */
    public long beginCounted(int count, String... participants) {
        return begin(Trigger.COUNT, count, participants);
    }

    /**
     * Begins a transaction, as {@link #begin}, that commits when one participant is done, which must be the last of those that have joined.
     *
     * @param notifier one of the participants
     */
    public long beginNotified(String notifier, String... participants) {
        int index = Arrays.asList(participants).indexOf(notifier);
        if (index < 0) {
            throw new IllegalArgumentException("notifier '" + notifier + "' is none of the participants " + Arrays.toString(participants));
        }
        return begin(Trigger.NOTIFIER, index, participants);
    }

    private synchronized long begin(Trigger trigger, int argument, String... participants) {
        checkOpen();
        int[] applications = Arrays.stream(participants).mapToInt(this::application).toArray();
        for (int attempt = 0; attempt < DecisionFile.CAPACITY; attempt++) {
            long id = control.takeTransactionIds(1);
            if (decisions.begin(id, trigger, argument, applications)) {
                return id;
            }
            reclaim(decisions.unjoined(id));
        }
        throw new ThaException("directory '" + control.domainDirectory() + "': " + DecisionFile.CAPACITY + " coordinated transactions are undecided, "
                + "or were not acted upon by all their participants; let those that are dead be followed by their standbys");
    }

    /** One that nobody has joined for long is given up: who began it may be dead. */
    private void reclaim(long id) {
        if (id == 0) {
            return;
        }
        long now = System.nanoTime();
        long since = unused.get(id);
        if (since == unused.missingValue()) {
            unused.put(id, now);
        } else if (now - since > UNUSED_NANOS) {
            unused.remove(id);
            decisions.abort(id);
        }
    }

    private int application(String name) {
        int application = control.findApplication(name);
        if (application < 0) {
            throw new IllegalArgumentException(
                    "application '" + name + "' is unknown in '" + control.domainDirectory() + "'; it must have been opened there once");
        }
        return application;
    }

    /**
     * Attempts to abort a transaction.
     *
     * @return whether it is aborted; false if it is complete, and will be committed unless something that it is built on is aborted
     * @throws IllegalArgumentException if it is unknown
     */
    public synchronized boolean abort(long id) {
        checkOpen();
        return decisions.abort(id);
    }

    /**
     * What became of a transaction, whether its participants have acted on that or not.
     *
     * @throws IllegalArgumentException if it was never begun, or all its participants have acted on its decision: each of them knows it still
     */
    public synchronized Outcome outcome(long id) {
        checkOpen();
        return decisions.outcome(id);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the coordinator was closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            file.close();
            control.close();
        }
    }
}
