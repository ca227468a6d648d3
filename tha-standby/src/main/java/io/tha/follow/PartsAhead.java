package io.tha.follow;

import io.tha.Outcome;
import io.tha.coordination.ChainWatch;
import io.tha.coordination.DecisionFile;
import io.tha.memory.CrashPoint;
import io.tha.pool.PoolMemory;
import io.tha.region.DomainFiles;
import io.tha.region.LogReader;
import java.util.concurrent.TimeUnit;

/**
 * Applies parts of coordinated transactions as soon as the decision table says that they are committed, ahead of the log, which says so when the
 * active has acted upon it; docs/coordination.md 5.6.
 *
 * <p>Threads: one at a time; {@link #sleepUntilDecided} may be called by another one meanwhile.
 */
final class PartsAhead implements AutoCloseable {
    private static final long MAX_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final DomainFiles files;
    private final LogReader reader;
    private final Replica replica;
    private final PoolMemory memory;
    /** Null before there was a part. */
    private DecisionFile file;

    private ChainWatch chain;
    /** For who sleeps; as the last one to be set. */
    private volatile ChainWatch waiting;

    PartsAhead(DomainFiles files, LogReader reader, Replica replica) {
        this.files = files;
        this.reader = reader;
        this.replica = replica;
        memory = replica.pool().memory();
    }

    /** Whether there is one that can be applied; cheap where no part is undecided. */
    boolean hasNext() {
        if (!reader.hasUndecidedParts()) {
            return false;
        }
        if (file == null) {
            open();
        }
        return look(chain) == Outcome.COMMITTED && reader.isUndecidedPart(chain.id());
    }

    private void open() {
        int application = files.control().findApplication(files.application());
        file = DecisionFile.openOrCreate(files.control().domainDirectory());
        chain = new ChainWatch(file.decisions(), application);
        waiting = new ChainWatch(file.decisions(), application);
    }

    private Outcome look(ChainWatch watch) {
        return watch.look(memory.chainEndAcquire(watch.application()));
    }

    /**
     * Applies what {@link #hasNext} has found.
     *
     * @return as {@link LogReader#poll}
     */
    int applyNext() {
        int transactions = reader.commitPart(chain.id(), replica);
        if (transactions > 0) {
            chain.entries((participant, entry) -> memory.raiseChainEnd(participant, entry + 1));
            CrashPoint.AFTER_PART_AHEAD.reached();
        }
        return transactions;
    }

    /** If the next part is undecided, sleeps until somebody may have decided it; false if it is not. */
    boolean sleepUntilDecided() {
        ChainWatch watch = waiting;
        if (watch == null || !reader.hasUndecidedParts()) {
            return false;
        }
        watch.prepareToSleep();
        if (look(watch) != Outcome.UNDECIDED) {
            return false;
        }
        if (reader.isAtTail()) {
            watch.sleep(MAX_SLEEP_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
