package io.tha.torture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The one state that the first k transactions of a lane give, in plain collections. Transfers are undone after a while, and so on: the state is a
 * function of the last transactions, so that anybody can compute it for any k without having seen those before.
 *
 * <p>Threads: one.
 */
final class LaneModel {
    /** A pointer to nothing, or to what is deleted. */
    static final String NOWHERE = "-";

    private final long seed;
    private final int lane;
    private final Map<Long, Long> contents = new HashMap<>();

    LaneModel(long seed, int lane) {
        this.seed = seed;
        this.lane = lane;
    }

    /** Every object with every field, a line each, as {@link LaneText} writes them. */
    List<String> lines(long k) {
        List<String> lines = new ArrayList<>();
        if (k > 0) {
            NavigableMap<Long, Integer> entries = entries(k);
            lines.add("lane-" + lane + " " + k + " " + entry(entries.isEmpty() ? null : entries.lastKey()));
            accounts(k, entries, lines);
            entries.forEach((id, owner) -> lines.add(entry(id) + " account-" + lane + "-" + owner + " " + entry(entries.lowerKey(id))));
            memos(k, lines);
            for (int i = 0; i < Plan.BLOBS; i++) {
                lines.add("blob-" + lane + "-" + i + " " + Plan.lastLarge(k) + " " + content(Plan.lastLarge(k), i));
            }
            Collections.sort(lines);
        }
        return lines;
    }

    private Plan plan(long k) {
        return k < 1 ? null : Plan.of(seed, lane, k);
    }

    /** Ids and owners of those that are alive, the newest that there were. */
    private NavigableMap<Long, Integer> entries(long k) {
        NavigableMap<Long, Integer> entries = new TreeMap<>();
        for (Plan plan = plan(k); plan != null && entries.size() < Plan.KEPT_ENTRIES; plan = plan(plan.k() - 1)) {
            for (int i = plan.entries() - 1; i >= 0 && entries.size() < Plan.KEPT_ENTRIES; i--) {
                entries.put(plan.entryId(i), plan.owner(i));
            }
        }
        return entries;
    }

    private String entry(Long id) {
        return id == null ? NOWHERE : "entry-" + lane + " " + id;
    }

    private void accounts(long k, NavigableMap<Long, Integer> entries, List<String> lines) {
        long[] balances = new long[Plan.ACCOUNTS];
        for (long j = Math.max(1, k - Plan.WINDOW + 1); j <= k; j++) {
            for (Plan.Transfer transfer : plan(j).transfers()) {
                balances[transfer.from()] -= transfer.amount();
                balances[transfer.to()] += transfer.amount();
            }
        }
        for (int i = 0; i < Plan.ACCOUNTS; i++) {
            int account = i;
            long stamp = k - Math.floorMod(k - account, (long) Plan.ACCOUNTS);
            Long last = entries.keySet().stream().filter(id -> entries.get(id) == account).reduce(null, (before, id) -> id);
            lines.add("account-" + lane + "-" + account + " " + (Plan.OPENING_BALANCE + balances[account]) + " " + Math.max(0, stamp) + " '"
                    + (stamp < 1 ? "" : Plan.textOf(stamp)) + "' " + entry(last));
        }
    }

    private void memos(long k, List<String> lines) {
        for (long j = Math.max(1, k - Plan.MEMOS + 1); j <= k; j++) {
            if (plan(j).createsMemo(plan(j - Plan.MEMOS))) {
                lines.add("memo-" + lane + "-" + j % Plan.MEMOS + " " + j);
            }
        }
    }

    /** What a blob has after the large transaction that wrote it last. */
    static byte[] blob(int lane, long stamp, int index) {
        byte[] content = new byte[Plan.BLOB_LENGTH];
        if (stamp != 0) {
            new SplittableRandom((stamp * Plan.BLOBS + index) * Plan.LANES + lane).nextBytes(content);
        }
        return content;
    }

    private long content(long stamp, int index) {
        if (contents.size() > Plan.BLOBS * Plan.WINDOW) {
            contents.clear();
        }
        return contents.computeIfAbsent(stamp * Plan.BLOBS + index, key -> crc(blob(lane, stamp, index)));
    }

    static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }
}
