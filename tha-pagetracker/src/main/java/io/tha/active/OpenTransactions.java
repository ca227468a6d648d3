package io.tha.active;

import io.tha.pool.Registry;
import io.tha.region.TransactionIdSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands out transactions, each with the groups that it claims, and takes them back.
 *
 * <p>There is one reused state per group, and one for all of them: who has claimed the group owns its state, so a claim is a compare-and-set
 * and its end a release, and nobody waits for a lock. A transaction over several groups has that of the first.
 *
 * <p>Threads: any.
 */
final class OpenTransactions {
    private static final int ALL = -1;
    private static final int PAUSED = -2;

    private final CommitPath path;
    private final Registry registry;
    private final TransactionIdSource ids;
    private final TransactionState overAll;
    /** How many transactions over some groups are open, {@code ALL}, or {@code PAUSED}: none is open, nor can be. */
    private final AtomicInteger open = new AtomicInteger();

    private final BeginGate gate = new BeginGate();

    private volatile TransactionState[] byGroup = {};

    OpenTransactions(CommitPath path, Registry registry, TransactionIdSource ids) {
        this.path = path;
        this.registry = registry;
        this.ids = ids;
        overAll = new TransactionState(path, new TransactionIds(ids));
    }

    /** A transaction over all groups. */
    Transaction begin() {
        gate.pass();
        while (!open.compareAndSet(0, ALL)) {
            int count = open.get();
            if (count != PAUSED) {
                throw conflict(count == ALL ? "all groups" : count + " of its own");
            }
            gate.pass();
        }
        return overAll.startAll();
    }

    /** For a switchover, or a roll-back: from now on whoever begins waits, until {@link #open}. */
    void shut() {
        gate.shut();
    }

    /** When it is shut: whether no transaction is open, and none can be. */
    boolean tryPause() {
        return open.compareAndSet(0, PAUSED);
    }

    /** Ends a pause; {@link #open} follows, since who sees the pause passes the gate again. */
    void resume() {
        open.compareAndSet(PAUSED, 0);
    }

    /** Whoever waits goes on. */
    void open() {
        gate.open();
    }

    /** Whoever waits, or comes, is told that it is over. */
    void fence(String message) {
        gate.fence(message);
    }

    /** A transaction over one group; makes no garbage once the group has had one. */
    Transaction begin(int group) {
        enter();
        return claim(group).start(group);
    }

    /** A transaction over some groups, all of them or none. */
    Transaction begin(int[] groups) {
        if (groups.length == 0) {
            throw new IllegalArgumentException("a transaction over no group; name one, or begin over all");
        }
        enter();
        TransactionState first = claim(groups[0]);
        for (int i = 1; i < groups.length; i++) {
            try {
                claim(groups[i]);
            } catch (RuntimeException e) {
                unclaim(groups, i);
                throw e;
            }
        }
        return first.start(groups);
    }

    private void enter() {
        gate.pass();
        int count = open.get();
        while (count < 0 || !open.compareAndSet(count, count + 1)) {
            if (count == ALL) {
                throw conflict("all groups");
            }
            if (count == PAUSED) {
                gate.pass();
            }
            count = open.get();
        }
    }

    private TransactionState claim(int group) {
        if (registry.groupName(group) == null) {
            open.decrementAndGet();
            throw new IllegalArgumentException("there is no group " + group + "; create it first");
        }
        TransactionState state = ofGroup(group);
        if (!state.claim()) {
            open.decrementAndGet();
            throw conflict("group " + group);
        }
        return state;
    }

    private void unclaim(int[] groups, int count) {
        // The first one last: with it goes the state whose list this may be.
        for (int i = count - 1; i >= 0; i--) {
            byGroup[groups[i]].unclaim();
        }
    }

    private static IllegalStateException conflict(String what) {
        return new IllegalStateException("an open transaction has " + what + " already; commit or close it first, or begin with other groups");
    }

    private TransactionState ofGroup(int group) {
        TransactionState[] known = byGroup;
        TransactionState state = group < known.length ? known[group] : null;
        return state != null ? state : create(group);
    }

    private synchronized TransactionState create(int group) {
        if (group >= byGroup.length || byGroup[group] == null) {
            TransactionState[] more = Arrays.copyOf(byGroup, Math.max(group + 1, byGroup.length));
            more[group] = new TransactionState(path, new TransactionIds(ids));
            byGroup = more;
        }
        return byGroup[group];
    }

    void end(TransactionState state) {
        state.end();
        if (state.hasAllGroups()) {
            open.setRelease(0);
        } else {
            unclaim(state.groups(), state.groupCount());
            open.decrementAndGet();
        }
    }
}
