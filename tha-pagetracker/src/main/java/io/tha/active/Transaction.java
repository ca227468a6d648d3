package io.tha.active;

/**
 * A transaction over some groups, or all: what they write between begin and commit becomes visible on the standby all at once, or not at all.
 * Changes made before the beginning belong to the next transaction of their group.
 *
 * <p>Close it, best by try-with-resources: a closed one is given to the same thread again, so that transactions make no garbage. After
 * {@link #close} it must not be used any more.
 *
 * <p>Threads: the one that writes the groups.
 */
public final class Transaction implements AutoCloseable {
    private final CommitPath path;
    private final long threadId;
    /** Null when it is decided: what it worked with may be another transaction's. */
    private TransactionState state;

    private long id;
    private boolean closed;

    Transaction(CommitPath path, long threadId) {
        this.path = path;
        this.threadId = threadId;
    }

    Transaction open(TransactionState opened) {
        state = opened;
        id = opened.id();
        closed = false;
        return this;
    }

    void decided() {
        state = null;
    }

    /** Whether nobody but the calling thread can still hold this object, and it says that it does not. */
    boolean isReusableBy(long callerId) {
        return threadId == callerId && closed;
    }

    /** Unique in the domain, for all time. */
    public long id() {
        return id;
    }

    /**
     * Makes the changes permanent: when it returns they survive the death of this process.
     *
     * @throws io.tha.FencedException if another process has taken over: nothing of the transaction shows anywhere, and this application can do
     *     no more
     * @throws io.tha.ThaException if a large transaction finds no space; it stays open, and can be closed or tried again
     */
    public void commit() {
        path.commit(undecided());
    }

    /**
     * Sends the changes made so far; they become visible with the commit. Worth while for transactions that take long.
     *
     * @throws io.tha.FencedException as {@link #commit}
     */
    public void flush() {
        path.flush(undecided());
    }

    /** Restores what was committed last; objects that were created are gone, deleted ones are back. Local fields keep what they have. */
    public void abort() {
        path.abort(undecided());
    }

    /** Aborts, unless the transaction was committed or aborted. */
    @Override
    public void close() {
        if (state != null) {
            path.abort(state);
        }
        closed = true;
    }

    private TransactionState undecided() {
        if (state == null) {
            throw new IllegalStateException("transaction " + id + " was committed or aborted already");
        }
        return state;
    }

    @Override
    public String toString() {
        return "transaction " + id + (state == null ? ", decided" : state.toString());
    }
}
