package io.tha.active;

import io.tha.capture.CapturedChanges;
import io.tha.pool.Registry;
import io.tha.region.OpenTransaction;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A transaction over some groups, or all: what they write between begin and commit becomes visible on the standby all at once, or not at all.
 * Changes made before the beginning belong to the next transaction of their group.
 *
 * <p>Threads: the one that writes the groups. After commit, abort or close the object must not be used any more: it is reused.
 */
public final class Transaction implements AutoCloseable {
    private static final int[] NO_GROUPS = {};

    private final CommitPath path;
    private final TransactionIds ids;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CapturedChanges changes = new CapturedChanges();
    private int[] groups = NO_GROUPS;
    private int groupCount;
    private boolean allGroups;
    private boolean open;
    private long id;
    private OpenTransaction published;

    Transaction(CommitPath path, TransactionIds ids) {
        this.path = path;
        this.ids = ids;
    }

    /** Makes the group whose object this is the caller's; false if somebody has it. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Release: the next one to claim it sees all that was done with it. */
    void unclaim() {
        claimed.setRelease(false);
    }

    Transaction startAll() {
        allGroups = true;
        return open();
    }

    Transaction start(int[] claimedGroups) {
        groups = claimedGroups;
        groupCount = claimedGroups.length;
        return open();
    }

    Transaction start(int claimedGroup) {
        if (groups.length == 0) {
            groups = new int[1];
        }
        groups[0] = claimedGroup;
        groupCount = 1;
        return open();
    }

    private Transaction open() {
        id = ids.take();
        open = true;
        return this;
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
        checkOpen();
        path.commit(this);
    }

    /**
     * Sends the changes made so far; they become visible with the commit. Worth while for transactions that take long.
     *
     * @throws io.tha.FencedException as {@link #commit}
     */
    public void flush() {
        checkOpen();
        path.flush(this);
    }

    /** Restores what was committed last; objects that were created are gone, deleted ones are back. Local fields keep what they have. */
    public void abort() {
        checkOpen();
        path.abort(this);
    }

    /** Aborts, unless the transaction was committed or aborted. */
    @Override
    public void close() {
        if (open) {
            path.abort(this);
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException("transaction " + id + " was committed or aborted already");
        }
    }

    int[] groups() {
        return groups;
    }

    /** The groups it has now, {@link #groupCount} of them. */
    int[] groups(Registry registry) {
        if (allGroups) {
            int count = registry.groupCount();
            if (groups.length < count) {
                groups = new int[Math.max(count, groups.length * 2)];
            }
            groupCount = 0;
            for (int group = 0; group < count; group++) {
                if (registry.groupName(group) != null) {
                    groups[groupCount++] = group;
                }
            }
        }
        return groups;
    }

    int groupCount() {
        return groupCount;
    }

    boolean hasAllGroups() {
        return allGroups;
    }

    CapturedChanges changes() {
        return changes;
    }

    OpenTransaction published() {
        return published;
    }

    void published(OpenTransaction transaction) {
        published = transaction;
    }

    void end() {
        open = false;
        published = null;
    }

    @Override
    public String toString() {
        String of = allGroups ? " of all groups" : " of groups " + Arrays.toString(Arrays.copyOf(groups, groupCount));
        return "transaction " + id + of + (open ? ", open" : ", decided");
    }
}
