package io.tha.follow;

import io.tha.ThaException;
import io.tha.region.FrameHandler;
import io.tha.region.LogFile;
import io.tha.region.LogReader;
import java.util.function.LongSupplier;

/**
 * Keeps what an active publishes while its state is copied, and redoes it then. It takes no more than a bound of memory: an active that writes faster
 * than that is not caught up with, and is left alone, with the rates that tell why.
 *
 * <p>Threads: the follower's.
 */
final class CatchUp implements AutoCloseable {
    /** What is kept and redone in all is no more than so many times what may be kept at once: who is as fast as the active would go on for ever. */
    private static final int MOST_TURNS = 8;

    private final LogFile log;
    private final LogReader reader;
    private final LongSupplier copiedBytes;
    private final long mostBytes;
    private final Spool spool = new Spool();
    private final long begin = System.nanoTime();
    private final long tailAtBegin;
    private long copyEnd;
    private long redoneBytes;
    private CopyRates result;

    /**
     * Begins to keep.
     *
     * @param reader that is at the redo start
     * @param copiedBytes tells how much has been copied so far
     * @param mostBytes that are kept at once
     */
    CatchUp(LogFile log, LogReader reader, LongSupplier copiedBytes, long mostBytes) {
        this.log = log;
        this.reader = reader;
        this.copiedBytes = copiedBytes;
        this.mostBytes = mostBytes;
        tailAtBegin = log.checkedTail();
    }

    /** Reads what is there, so that the active can have its place. */
    void keep() {
        int transactions;
        do {
            transactions = reader.poll(spool);
            if (transactions == LogReader.LAGGED) {
                throw outrun("the active has overwritten what this standby had not read while it made its copy");
            }
            if (spool.heldBytes() > mostBytes || spool.spooledBytes() / MOST_TURNS > mostBytes) {
                throw outrun("the active writes faster than this standby makes its copy, which kept " + spool.heldBytes()
                        + " bytes of the log of at most " + mostBytes + ", and " + spool.spooledBytes() + " in all");
            }
        } while (transactions > 0);
    }

    /** The state is copied. */
    void copied() {
        copyEnd = System.nanoTime();
    }

    /** Redoes what was kept, and goes on to keep what comes meanwhile, until nothing is left. */
    void redo(FrameHandler handler) {
        long left = spool.spooledBytes();
        while (spool.replaySome(handler)) {
            redoneBytes = left;
            keep();
            left = spool.spooledBytes();
        }
        result = rates();
    }

    /** Also for the rest of the redo. */
    ThaException outrun(String how) {
        return new ThaException("log file '" + log.path() + "': " + how + "; " + rates()
                + ". Let the active write less for a while, or give it a larger ring and this standby more processor time");
    }

    /** What was measured so far. */
    CopyRates rates() {
        if (result != null) {
            return result;
        }
        long now = System.nanoTime();
        long end = copyEnd == 0 ? now : copyEnd;
        return new CopyRates(copiedBytes.getAsLong(), end - begin, redoneBytes, copyEnd == 0 ? 0 : now - copyEnd, log.checkedTail() - tailAtBegin);
    }

    @Override
    public void close() {
        spool.close();
    }
}
