package io.tha.torture;

import io.tha.Intent;
import io.tha.StandbyBehindException;
import io.tha.active.Ack;
import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.pool.ThaPool;
import io.tha.torture.Journal.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One lane of the service: does the transactions of {@link Plan} to a pool, one after another, and tells the journal each step before or after it is
 * made.
 *
 * <p>Threads: one.
 */
final class Lane {
    private static final Duration ACK_TIMEOUT = Duration.ofMillis(20);
    private static final Ack[] ACKS = {Ack.LOGGED, Ack.RECEIVED, Ack.APPLIED, Ack.APPLIED_ALL};
    private static final long ONLY_ACKNOWLEDGES = 1;

    private final ThaApplication application;
    private final ThaPool pool;
    private final Journal journal;
    private final long seed;
    private final int lane;
    private final int group;
    /** Handles of the entries that are alive, by id. */
    private TreeMap<Long, Long> entries = new TreeMap<>();

    Lane(ThaApplication application, Journal journal, long seed, int lane) {
        this.application = application;
        this.journal = journal;
        this.seed = seed;
        this.lane = lane;
        pool = application.pool();
        group = pool.createGroup("lane-" + lane);
        pool.forEach(object -> {
            if (pool.nameOf(object).startsWith("entry-" + lane + "#")) {
                entries.put(LaneText.ID.get(pool, object), object);
            }
        });
    }

    /** Tells what this process was handed at its takeover, before it does anything. */
    void report(List<Intent> handed) {
        journal.add(Kind.REIGN, sequence(), application.epoch(), 0);
        handed.forEach(intent -> journal.add(Kind.HANDED, Long.parseLong(intent.text().split(":", -1)[1]), intent.transactionId(), intent.number()));
        journal.add(Kind.REPORTED, sequence(), application.epoch(), 0);
    }

    long sequence() {
        return LaneText.sequence(pool, lane);
    }

    /** Does again what was lost: the first intent now and then alone, the others with the transaction that they announce. */
    void goOn(List<Intent> handed) {
        List<Intent> left = handed;
        if (left.size() > 1 && left.get(0).number() % 2 == 0) {
            acknowledgeAlone(left.get(0));
            left = left.subList(1, left.size());
        }
        next(left);
    }

    private void acknowledgeAlone(Intent intent) {
        boolean decided = false;
        while (!decided) {
            try (Transaction transaction = application.begin(group)) {
                journal.add(Kind.BEGUN, sequence(), transaction.id(), ONLY_ACKNOWLEDGES);
                decided = attempt(transaction, () -> {
                    acknowledge(transaction, sequence(), intent);
                    commit(transaction, sequence(), 0);
                });
            }
        }
    }

    /** Does the next transaction, and acknowledges with it. */
    long next(List<Intent> handed) {
        Plan plan = Plan.of(seed, lane, sequence() + 1);
        if (plan.manner().abortsFirst()) {
            attempt(plan, handed, true);
        }
        while (!attempt(plan, handed, false)) {
            // A standby made no room: once more, under another id.
            Thread.onSpinWait();
        }
        return plan.k();
    }

    /** False if it was refused and aborted. */
    private boolean attempt(Plan plan, List<Intent> handed, boolean aborts) {
        TreeMap<Long, Long> before = new TreeMap<>(entries);
        try (Transaction transaction = application.begin(group)) {
            journal.add(Kind.BEGUN, plan.k(), transaction.id(), 0);
            boolean kept = attempt(transaction, () -> perform(plan, handed, transaction, aborts));
            if (!kept || aborts) {
                entries = before;
            }
            return kept;
        }
    }

    private boolean attempt(Transaction transaction, Runnable work) {
        try {
            work.run();
            return true;
        } catch (StandbyBehindException e) {
            abort(transaction, 0);
            return false;
        }
    }

    private void perform(Plan plan, List<Intent> handed, Transaction transaction, boolean aborts) {
        for (int part = 0; part < plan.manner().intents(); part++) {
            journal.add(Kind.INTENDING, plan.k(), transaction.id(), part);
            transaction.intent(plan.intent(part).getBytes(StandardCharsets.UTF_8));
            journal.add(Kind.INTENDED, plan.k(), transaction.id(), part);
        }
        handed.forEach(intent -> acknowledge(transaction, plan.k(), intent));
        change(plan, transaction);
        if (aborts) {
            abort(transaction, plan.k());
        } else {
            commit(transaction, plan.k(), plan.manner().acknowledgement());
        }
    }

    private void acknowledge(Transaction transaction, long k, Intent intent) {
        journal.add(Kind.ACKNOWLEDGES, k, intent.transactionId(), intent.number());
        transaction.acknowledge(intent);
    }

    private void commit(Transaction transaction, long k, int acknowledgement) {
        long id = transaction.id();
        journal.add(Kind.COMMITTING, k, id, 0);
        if (acknowledgement == 0) {
            transaction.commit();
        } else {
            transaction.commit(ACKS[acknowledgement], ACK_TIMEOUT);
        }
        journal.add(Kind.COMMITTED, k, id, 0);
    }

    private void abort(Transaction transaction, long k) {
        long id = transaction.id();
        journal.add(Kind.ABORTING, k, id, 0);
        transaction.abort();
        journal.add(Kind.ABORTED, k, id, 0);
    }

    private void change(Plan plan, Transaction transaction) {
        if (plan.k() == 1) {
            create();
        }
        transfer(plan, 1);
        if (plan.k() > Plan.WINDOW) {
            transfer(Plan.of(seed, lane, plan.k() - Plan.WINDOW), -1);
        }
        flush(plan, transaction);
        entries(plan);
        memo(plan);
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(plan.manner().pauseMicros()));
        if (plan.isLarge()) {
            blobs(plan, transaction);
        }
        LaneText.SEQUENCE.set(pool, pool.find("lane-" + lane), plan.k());
    }

    private void flush(Plan plan, Transaction transaction) {
        if (plan.manner().flushes()) {
            journal.add(Kind.FLUSHING, plan.k(), transaction.id(), 0);
            transaction.flush();
            journal.add(Kind.FLUSHED, plan.k(), transaction.id(), 0);
        }
    }

    private void create() {
        pool.allocate(LaneText.LANE, "lane-" + lane, group);
        for (int i = 0; i < Plan.ACCOUNTS; i++) {
            LaneText.BALANCE.set(pool, pool.allocate(LaneText.ACCOUNT, "account-" + lane + "-" + i, group), Plan.OPENING_BALANCE);
        }
        for (int i = 0; i < Plan.BLOBS; i++) {
            pool.allocate(LaneText.BLOB, "blob-" + lane + "-" + i, group);
        }
    }

    private long account(int index) {
        return pool.find("account-" + lane + "-" + index);
    }

    private void transfer(Plan plan, int sign) {
        for (Plan.Transfer transfer : plan.transfers()) {
            LaneText.BALANCE.add(pool, account(transfer.from()), -sign * transfer.amount());
            LaneText.BALANCE.add(pool, account(transfer.to()), sign * transfer.amount());
        }
    }

    private void entries(Plan plan) {
        long stamped = account(plan.stampedAccount());
        LaneText.ACCOUNT_STAMP.set(pool, stamped, plan.k());
        LaneText.TEXT.set(pool, stamped, Plan.textOf(plan.k()));
        long root = pool.find("lane-" + lane);
        for (int i = 0; i < plan.entries(); i++) {
            long owner = account(plan.owner(i));
            long entry = pool.allocateDynamic(LaneText.ENTRY, "entry-" + lane, group);
            LaneText.ID.set(pool, entry, plan.entryId(i));
            LaneText.OWNER.set(pool, entry, owner);
            LaneText.PREVIOUS.set(pool, entry, LaneText.NEWEST.get(pool, root));
            LaneText.LAST.set(pool, owner, entry);
            LaneText.NEWEST.set(pool, root, entry);
            entries.put(plan.entryId(i), entry);
        }
        while (entries.size() > Plan.KEPT_ENTRIES) {
            pool.delete(entries.pollFirstEntry().getValue());
        }
    }

    private void memo(Plan plan) {
        String name = "memo-" + lane + "-" + plan.memoSlot();
        long memo = pool.find(name);
        if (memo != 0) {
            pool.delete(memo);
        } else if (plan.createsMemo(plan.k() > Plan.MEMOS ? Plan.of(seed, lane, plan.k() - Plan.MEMOS) : null)) {
            LaneText.MEMO_STAMP.set(pool, pool.allocate(LaneText.MEMO, name, group), plan.k());
        }
    }

    private void blobs(Plan plan, Transaction transaction) {
        for (int i = 0; i < Plan.BLOBS; i++) {
            long blob = pool.find("blob-" + lane + "-" + i);
            LaneText.BLOB_STAMP.set(pool, blob, plan.k());
            LaneText.CONTENT.set(pool, blob, 0, LaneModel.blob(lane, plan.k(), i));
            if (i == Plan.BLOBS / 2) {
                flush(plan, transaction);
            }
        }
    }
}
