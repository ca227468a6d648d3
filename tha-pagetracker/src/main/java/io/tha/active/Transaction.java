package io.tha.active;

import io.tha.Intent;
import io.tha.Outcome;
import io.tha.layout.Field;
import java.time.Duration;
import java.util.Objects;

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
     * @throws io.tha.TransactionAbortedException if the application was done with coordinated transactions that were undecided, and are aborted: this
     *     one was built on them, and is undone too
     * @throws io.tha.ThaException if a large transaction finds no space; it stays open, and can be closed or tried again
     * @throws io.tha.CorruptRegionException if it failed in the middle, since a file was truncated or the heap is full: this application refuses
     *     everything from now on, and the transaction's outcome, asked of the standby that takes over, tells whether it is committed
     */
    public void commit() {
        path.commit(undecidedHere());
    }

    /**
     * Commits, and waits for an acknowledgement.
     *
     * @param ack to wait for
     * @param timeout from the publication on
     * @return whether it came; if not, the transaction is committed all the same, and {@link ThaApplication#isAcknowledged} can be asked later where
     *     {@link #commitAsync} was used. Nobody waits any longer when another process has taken over, or the thread was interrupted
     * @throws io.tha.FencedException as {@link #commit()}
     * @throws io.tha.ThaException as {@link #commit()}
     */
    public boolean commit(Ack ack, Duration timeout) {
        Objects.requireNonNull(ack, "ack");
        Objects.requireNonNull(timeout, "timeout");
        return path.acknowledgements().await(commitAsync(), ack, timeout);
    }

    /**
     * Commits, as {@link #commit()}, and goes on at once; acknowledgements are asked for with what it returns. Makes no garbage.
     *
     * @return the commit's position, for {@link ThaApplication#isAcknowledged} and {@link ThaApplication#awaitAcknowledged}; greater than those
     *     of all commits before it, of all groups
     * @throws io.tha.FencedException as {@link #commit()}
     * @throws io.tha.ThaException as {@link #commit()}
     */
    public long commitAsync() {
        return path.commit(undecidedHere());
    }

    /**
     * Says that this application has done its part of a coordinated transaction: its changes are in its log, and become visible with those of all
     * others, or are undone with them; {@link ThaApplication#onDecision} tells. The groups are free for the next transaction, which is built on
     * this one: it is aborted with it.
     *
     * @return what became of the transaction by now: {@link Outcome#UNDECIDED} mostly, or the decision
     * @throws IllegalStateException if it was not joined ({@link ThaApplication#join}), or its trigger does not let this application be done yet;
     *     it stays open
     * @throws io.tha.FencedException as {@link #commit()}
     * @throws io.tha.ThaException as {@link #commit()}, and if the parts of all undecided transactions would take more than a sixteenth of the ring,
     *     64 bytes or so each
     */
    public Outcome done() {
        TransactionState open = undecided();
        if (!open.isCoordinated()) {
            throw new IllegalStateException("transaction " + id + " is this application's alone: commit it");
        }
        return path.done(open);
    }

    /** Makes it this application's part of a coordinated one; false if it has ended, since what it would be built on is to be rolled back first. */
    boolean join(long coordinatedId) {
        try {
            boolean joined = path.join(undecided(), coordinatedId);
            closed = !joined;
            return joined;
        } catch (RuntimeException | Error e) {
            closed = true;
            throw e;
        }
    }

    /**
     * Names an object that was changed, or will be before the transaction is flushed or committed. Under tracker {@code APPLICATION} only what
     * is named is compared and sent, and restored by an abort; new objects need not be named. Under the other trackers it does what
     * {@link io.tha.pool.ThaPool#touch} does.
     *
     * @param handle of a live object of one of the transaction's groups
     * @throws IllegalArgumentException if it is of another group
     */
    public void changed(long handle) {
        path.changed(undecided(), handle, 0, path.sizeOf(handle));
    }

    /**
     * Names a field that was changed, as {@link #changed(long)}; of an array, all of it.
     *
     * @throws IllegalArgumentException if the object is of another group, or of another layout than the field
     */
    public void changed(long handle, Field field) {
        path.requireField(handle, field);
        path.changed(undecided(), handle, field.offset(), field.extentBytes());
    }

    /** Names fields that were changed, as {@link #changed(long, Field)}. */
    public void changed(long handle, Field... fields) {
        for (Field field : fields) {
            changed(handle, field);
        }
    }

    /**
     * Sends the changes made so far; they become visible with the commit. Worth while for transactions that take long.
     *
     * @throws io.tha.FencedException as {@link #commit}
     * @throws io.tha.ThaException if the flushes of all undecided transactions would take more than a sixteenth of the ring, 64 bytes or so each;
     *     nothing is sent, the transaction is open, and its commit will send all
     */
    public void flush() {
        path.flush(undecided());
    }

    /**
     * Announces what the transaction is about, at once: if this process is lost before the transaction is committed or aborted, the application that
     * takes over is handed the bytes. A transaction can have many intents; they are handed over in the order in which they were published,
     * over all transactions. Makes no garbage up to 4 KiB.
     *
     * @param bytes copied; what they mean is the application's matter
     * @throws io.tha.ThaException if the intents of all undecided transactions would take more than a sixteenth of the log's ring; then nothing is
     *     published
     * @throws io.tha.FencedException as {@link #commit()}
     */
    public void intent(byte[] bytes) {
        intent(bytes, 0, bytes.length);
    }

    /** Announces what the transaction is about, as {@link #intent(byte[])}, by a range of an array. */
    public void intent(byte[] bytes, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, bytes.length);
        path.intent(undecided(), bytes, offset, lengthBytes);
    }

    /**
     * Says that this transaction does what an intent of a lost transaction stands for, or that nothing is to be done about it: when it commits,
     * in the same instant the intent is gone for ever. Intents that are not acknowledged are handed over again at the next takeover.
     *
     * @param intent that was handed to this process at its takeover
     * @throws IllegalArgumentException if it was not, was acknowledged already, or is being acknowledged by another open transaction
     */
    public void acknowledge(Intent intent) {
        path.acknowledge(undecided(), Objects.requireNonNull(intent, "intent"));
    }

    /**
     * Restores what was committed last; objects that were created are gone, deleted ones are back. Local fields keep what they have.
     *
     * @throws UnsupportedOperationException if the application keeps no snapshot ({@link io.tha.capture.Snapshot#NONE}); the transaction stays open
     */
    public void abort() {
        TransactionState open = undecided();
        if (!path.canRollBack()) {
            throw new UnsupportedOperationException("transaction " + id + " cannot be aborted: the application keeps no snapshot to restore from; "
                    + "undo the changes and commit, or configure snapshot LINES or IMAGE");
        }
        path.abort(open);
    }

    /**
     * Aborts, unless the transaction was committed or aborted.
     *
     * @throws IllegalStateException if it was not, and the application keeps no snapshot: then its changes stay, and go with the next transaction
     *     of its groups
     */
    @Override
    public void close() {
        if (state != null) {
            path.abort(state);
            if (!path.canRollBack()) {
                closed = true;
                throw new IllegalStateException("transaction " + id + " was closed without a commit, and the application keeps no snapshot to "
                        + "restore from: its changes stay, and go with the next transaction of its groups");
            }
        }
        closed = true;
    }

    /** Commits, and keeps the groups while standbys copy the pool. */
    boolean admit(long timeoutNanos) {
        try {
            return path.admit(undecided(), timeoutNanos);
        } finally {
            closed = true;
        }
    }

    private TransactionState undecidedHere() {
        TransactionState open = undecided();
        if (open.isCoordinated()) {
            throw new IllegalStateException("transaction " + id + " is a coordinated one, which its trigger commits: call done");
        }
        return open;
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
