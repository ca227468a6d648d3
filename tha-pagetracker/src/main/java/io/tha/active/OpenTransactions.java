package io.tha.active;

import io.tha.pool.Registry;
import io.tha.region.ControlFile;
import java.util.ArrayDeque;

/**
 * Hands out transactions with their ids and groups, and takes them back: one short lock for all of it.
 *
 * <p>Threads: any.
 */
final class OpenTransactions {
    private final CommitPath path;
    private final GroupClaims claims;
    private final TransactionIds ids;
    private final ArrayDeque<Transaction> idle = new ArrayDeque<>();

    OpenTransactions(CommitPath path, Registry registry, ControlFile control) {
        this.path = path;
        claims = new GroupClaims(registry);
        ids = new TransactionIds(control);
    }

    /** A transaction over all groups. */
    synchronized Transaction begin() {
        claims.claimAll();
        return take().startAll(ids.take());
    }

    /** A transaction over one group; makes no garbage. */
    synchronized Transaction begin(int group) {
        Transaction transaction = take();
        try {
            claims.claim(transaction.single(group), 1);
        } catch (RuntimeException e) {
            idle.push(transaction);
            throw e;
        }
        return transaction.start(ids.take(), 1);
    }

    /** A transaction over some groups. */
    synchronized Transaction begin(int[] groups) {
        claims.claim(groups, groups.length);
        return take().start(ids.take(), groups);
    }

    private Transaction take() {
        Transaction transaction = idle.poll();
        return transaction != null ? transaction : new Transaction(path);
    }

    synchronized void end(Transaction transaction) {
        if (transaction.hasAllGroups()) {
            claims.releaseAll();
        } else {
            claims.release(transaction.groups(), transaction.groupCount());
        }
        transaction.end();
        idle.push(transaction);
    }

    /** For a transaction that no service began. */
    synchronized long takeId() {
        return ids.take();
    }
}
