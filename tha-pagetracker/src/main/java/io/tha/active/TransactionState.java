package io.tha.active;

import io.tha.Intent;
import io.tha.capture.CapturedChanges;
import io.tha.pool.Registry;
import io.tha.region.OpenTransaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What an open transaction works with; reused by one transaction after the other, each of which has a {@link Transaction} of its own to be held by.
 *
 * <p>Threads: the one that has claimed it.
 */
final class TransactionState {
    private static final int[] NO_GROUPS = {};

    private final CommitPath path;
    private final TransactionIds ids;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CapturedChanges changes = new CapturedChanges();
    private int[] groups = NO_GROUPS;
    private int groupCount;
    private boolean allGroups;
    private long id;
    /** Whether it is a part of a coordinated transaction. */
    private boolean coordinated;

    private boolean ended;

    private OpenTransaction published;
    private final List<Intent> acknowledged = new ArrayList<>();
    private Transaction transaction;

    TransactionState(CommitPath path, TransactionIds ids) {
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
        return start();
    }

    Transaction start(int[] claimedGroups) {
        groups = claimedGroups;
        groupCount = claimedGroups.length;
        return start();
    }

    Transaction start(int claimedGroup) {
        if (groups.length == 0) {
            groups = new int[1];
        }
        groups[0] = claimedGroup;
        groupCount = 1;
        return start();
    }

    private Transaction start() {
        ended = false;
        id = ids.take();
        long callerId = Thread.currentThread().getId();
        if (transaction == null || !transaction.isReusableBy(callerId)) {
            transaction = new Transaction(path, callerId);
        }
        return transaction.open(this);
    }

    /** It is a part of a coordinated transaction, under whose id it goes on. */
    void coordinate(long coordinatedId) {
        id = coordinatedId;
        coordinated = true;
        transaction.open(this);
    }

    /** Whether its last transaction is decided, and no other has begun. */
    boolean hasEnded() {
        return ended;
    }

    boolean isCoordinated() {
        return coordinated;
    }

    long id() {
        return id;
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

    boolean has(int group) {
        for (int i = 0; i < groupCount && !allGroups; i++) {
            if (groups[i] == group) {
                return true;
            }
        }
        return allGroups;
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

    void published(OpenTransaction early) {
        published = early;
    }

    /** Intents that it acknowledges when it commits. */
    List<Intent> acknowledged() {
        return acknowledged;
    }

    /** The transaction is decided; its object lets go of this one before another transaction can get it. */
    void end() {
        published = null;
        coordinated = false;
        ended = true;
        acknowledged.clear();
        transaction.decided();
    }

    @Override
    public String toString() {
        return allGroups ? " of all groups" : " of groups " + Arrays.toString(Arrays.copyOf(groups, groupCount));
    }
}
