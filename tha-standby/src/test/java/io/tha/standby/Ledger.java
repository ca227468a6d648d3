package io.tha.standby;

import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.BytesField;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.layout.Utf8Field;
import io.tha.pool.ThaPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** The ledger in a pool: does the transactions of {@link LedgerPlan}, and writes its state down. */
final class Ledger {
    static final Layout ROOT = Layout.named("Ledger").int64("sequence").pointer("newest", "Entry").build();
    static final Layout ACCOUNT = Layout.named("Account")
            .int64("balance").int32("changes").utf8("text", 16).pointer("last", "Entry").int64("scratch").local().build();
    static final Layout ENTRY =
            Layout.named("Entry").int64("id").int64("amount").pointer("account", "Account").pointer("previous", "Entry").build();
    static final Layout BLOB = Layout.named("Blob").int64("stamp").bytes("content", LedgerPlan.BLOB_LENGTH).build();

    private static final LongField SEQUENCE = ROOT.int64Field("sequence");
    private static final PointerField NEWEST = ROOT.pointerField("newest");
    private static final LongField BALANCE = ACCOUNT.int64Field("balance");
    private static final IntField CHANGES = ACCOUNT.int32Field("changes");
    private static final Utf8Field TEXT = ACCOUNT.utf8Field("text");
    private static final PointerField LAST = ACCOUNT.pointerField("last");
    private static final LongField SCRATCH = ACCOUNT.int64Field("scratch");
    private static final LongField ID = ENTRY.int64Field("id");
    private static final LongField AMOUNT = ENTRY.int64Field("amount");
    private static final PointerField OWNER = ENTRY.pointerField("account");
    private static final PointerField PREVIOUS = ENTRY.pointerField("previous");
    private static final LongField STAMP = BLOB.int64Field("stamp");
    private static final BytesField CONTENT = BLOB.bytesField("content");

    private final ThaApplication application;
    private final ThaPool pool;
    private final int largeEvery;
    private final TreeMap<Long, Long> entries = new TreeMap<>();

    Ledger(ThaApplication application, int largeEvery) {
        this.application = application;
        this.largeEvery = largeEvery;
        pool = application.pool();
        application.register(ROOT, ACCOUNT, ENTRY, BLOB);
        findEntries();
    }

    private void findEntries() {
        entries.clear();
        pool.forEach(object -> {
            if (isEntry(pool, object)) {
                entries.put(ID.get(pool, object), object);
            }
        });
    }

    private static boolean isEntry(ThaPool pool, long object) {
        return pool.layoutOf(object).name().equals(ENTRY.name()) && pool.nameOf(object).startsWith("entry#");
    }

    /** How many transactions this state has. */
    static long sequence(ThaPool pool) {
        long root = pool.find("ledger");
        return root == 0 ? 0 : SEQUENCE.get(pool, root);
    }

    /** Does the next transaction; tells right before it is committed, if at all. */
    void next(LongConsumer committing) {
        LedgerPlan plan = LedgerPlan.of(sequence(pool) + 1, largeEvery);
        if (plan.abortsFirst() && application.canAbort()) {
            try (Transaction transaction = application.begin()) {
                change(plan, transaction);
                transaction.abort();
            }
            findEntries();
        }
        try (Transaction transaction = application.begin()) {
            change(plan, transaction);
            committing.accept(plan.k());
            transaction.commit();
        }
    }

    private void change(LedgerPlan plan, Transaction transaction) {
        if (plan.k() == 1) {
            create();
        }
        accounts(plan);
        if (plan.flushes()) {
            transaction.flush();
        }
        entries(plan);
        memo(plan);
        if (plan.large()) {
            blobs(plan, transaction);
        }
        SEQUENCE.set(pool, pool.find("ledger"), plan.k());
    }

    private void create() {
        pool.allocate(ROOT, "ledger");
        for (int i = 0; i < LedgerPlan.ACCOUNTS; i++) {
            pool.allocate(ACCOUNT, "account-" + i);
        }
        for (int i = 0; i < LedgerPlan.BLOBS; i++) {
            pool.allocate(BLOB, "blob-" + i);
        }
    }

    private void accounts(LedgerPlan plan) {
        for (int i = 0; i < plan.accounts().size(); i++) {
            long account = account(plan.accounts().get(i));
            BALANCE.add(pool, account, plan.amounts().get(i));
            CHANGES.add(pool, account, 1);
            TEXT.set(pool, account, LedgerPlan.textOf(plan.amounts().get(i)));
            SCRATCH.set(pool, account, plan.k());
        }
    }

    private long account(int index) {
        return pool.find("account-" + index);
    }

    private void entries(LedgerPlan plan) {
        long root = pool.find("ledger");
        for (int i = 0; i < plan.entries(); i++) {
            int source = i % plan.accounts().size();
            long owner = account(plan.accounts().get(source));
            long id = plan.k() * LedgerPlan.MAX_ENTRIES + i;
            long entry = pool.allocateDynamic(ENTRY, "entry");
            ID.set(pool, entry, id);
            AMOUNT.set(pool, entry, plan.amounts().get(source));
            OWNER.set(pool, entry, owner);
            PREVIOUS.set(pool, entry, NEWEST.get(pool, root));
            LAST.set(pool, owner, entry);
            NEWEST.set(pool, root, entry);
            entries.put(id, entry);
        }
        while (entries.size() > LedgerPlan.KEPT_ENTRIES) {
            pool.delete(entries.pollFirstEntry().getValue());
        }
    }

    private void memo(LedgerPlan plan) {
        long memo = pool.find("memo-" + plan.memo());
        if (memo != 0) {
            pool.delete(memo);
        } else {
            ID.set(pool, pool.allocate(ENTRY, "memo-" + plan.memo()), plan.k());
        }
    }

    private void blobs(LedgerPlan plan, Transaction transaction) {
        for (int i = 0; i < LedgerPlan.BLOBS; i++) {
            long blob = pool.find("blob-" + i);
            STAMP.set(pool, blob, plan.k());
            CONTENT.set(pool, blob, 0, LedgerPlan.blob(plan.k(), i));
            if (plan.flushes() && i == LedgerPlan.BLOBS / 2) {
                transaction.flush();
            }
        }
    }

    /** Every object with every field in one line, as {@link LedgerModel#text} has it. */
    static String text(ThaPool pool) {
        List<String> lines = new ArrayList<>();
        pool.forEach(object -> lines.add(text(pool, object)));
        Collections.sort(lines);
        return String.join(";", lines);
    }

    private static String text(ThaPool pool, long object) {
        String name = pool.nameOf(object);
        if (pool.find(name) != object) {
            return name + " is not found by its name";
        }
        return switch (pool.layoutOf(object).name()) {
            case "Ledger" -> name + " " + SEQUENCE.get(pool, object) + " " + target(pool, NEWEST.get(pool, object));
            case "Account" -> name + " " + BALANCE.get(pool, object) + " " + CHANGES.get(pool, object) + " " + TEXT.get(pool, object) + " "
                    + target(pool, LAST.get(pool, object));
            case "Entry" -> (isEntry(pool, object) ? "entry" : name) + " " + ID.get(pool, object) + " " + AMOUNT.get(pool, object) + " "
                    + target(pool, OWNER.get(pool, object)) + " " + target(pool, PREVIOUS.get(pool, object));
            default -> name + " " + STAMP.get(pool, object) + " " + content(pool, object);
        };
    }

    private static long content(ThaPool pool, long blob) {
        byte[] content = new byte[LedgerPlan.BLOB_LENGTH];
        CONTENT.get(pool, blob, 0, content);
        return LedgerModel.crc(content);
    }

    private static String target(ThaPool pool, long pointer) {
        long object = pool.objectAt(pointer);
        if (object == 0) {
            return LedgerModel.NOWHERE;
        }
        return isEntry(pool, object) ? "entry-" + ID.get(pool, object) : pool.nameOf(object);
    }

    /** What no standby may have got: the sum of the local fields. */
    static long scratch(ThaPool pool) {
        long sum = 0;
        for (int i = 0; i < LedgerPlan.ACCOUNTS && pool.find("ledger") != 0; i++) {
            sum += SCRATCH.get(pool, pool.find("account-" + i));
        }
        return sum;
    }
}
