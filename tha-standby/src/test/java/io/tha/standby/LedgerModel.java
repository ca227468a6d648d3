package io.tha.standby;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** The ledger in plain collections: the one state that k committed transactions give. */
final class LedgerModel {
    /** A pointer to nothing, or to what is deleted. */
    static final String NOWHERE = "-";

    private final int largeEvery;
    private final long[] balances = new long[LedgerPlan.ACCOUNTS];
    private final int[] changes = new int[LedgerPlan.ACCOUNTS];
    private final String[] texts = new String[LedgerPlan.ACCOUNTS];
    private final long[] last = new long[LedgerPlan.ACCOUNTS];
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final Map<Integer, Long> memos = new HashMap<>();
    private long newest;
    private long stamp;
    private long k;

    private record Entry(long amount, int account, long previous) {}

    LedgerModel(int largeEvery) {
        this.largeEvery = largeEvery;
    }

    /** Goes on to a later state. */
    LedgerModel advanceTo(long target) {
        if (target < k) {
            throw new AssertionError("the state goes back from " + k + " to " + target);
        }
        while (k < target) {
            apply(LedgerPlan.of(k + 1, largeEvery));
        }
        return this;
    }

    private void apply(LedgerPlan plan) {
        k = plan.k();
        for (int i = 0; i < plan.accounts().size(); i++) {
            int account = plan.accounts().get(i);
            balances[account] += plan.amounts().get(i);
            changes[account]++;
            texts[account] = LedgerPlan.textOf(plan.amounts().get(i));
        }
        for (int i = 0; i < plan.entries(); i++) {
            int source = i % plan.accounts().size();
            long id = k * LedgerPlan.MAX_ENTRIES + i;
            entries.put(id, new Entry(plan.amounts().get(source), plan.accounts().get(source), newest));
            last[plan.accounts().get(source)] = id;
            newest = id;
        }
        while (entries.size() > LedgerPlan.KEPT_ENTRIES) {
            entries.pollFirstEntry();
        }
        if (memos.remove(plan.memo()) == null) {
            memos.put(plan.memo(), k);
        }
        if (plan.large()) {
            stamp = k;
        }
    }

    /** Every object with every field, as {@link Ledger#text} writes it. */
    String text() {
        if (k == 0) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        lines.add("ledger " + k + " " + entry(newest));
        for (int i = 0; i < LedgerPlan.ACCOUNTS; i++) {
            lines.add("account-" + i + " " + balances[i] + " " + changes[i] + " " + (texts[i] == null ? "" : texts[i]) + " " + entry(last[i]));
        }
        entries.forEach((id, entry) ->
                lines.add("entry " + id + " " + entry.amount + " account-" + entry.account + " " + entry(entry.previous)));
        memos.forEach((memo, id) -> lines.add("memo-" + memo + " " + id + " 0 " + NOWHERE + " " + NOWHERE));
        for (int i = 0; i < LedgerPlan.BLOBS; i++) {
            lines.add("blob-" + i + " " + stamp + " " + crc(LedgerPlan.blob(stamp, i)));
        }
        Collections.sort(lines);
        return String.join(";", lines);
    }

    private String entry(long id) {
        return entries.containsKey(id) ? "entry-" + id : NOWHERE;
    }

    static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }
}
