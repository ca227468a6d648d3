package io.tha.standby;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What transaction k does, by a hash of k: the same in the service, which does it to a pool, and in the model, which does it to collections.
 *
 * @param k number of the transaction, from 1; the first one creates accounts and blobs
 * @param accounts that it changes; one may come twice
 * @param amounts that are added, one for each account
 * @param entries how many it creates; their ids begin at {@code k * MAX_ENTRIES}
 * @param memo that it creates, or deletes if it exists
 * @param large whether it writes every blob: three times a ring of 64 KiB
 * @param flushes whether it publishes a part before its commit
 * @param abortsFirst whether it is done, aborted, and done again
 */
record LedgerPlan(
        long k, List<Integer> accounts, List<Long> amounts, int entries, int memo, boolean large, boolean flushes, boolean abortsFirst) {
    static final int ACCOUNTS = 24;
    static final int BLOBS = 48;
    static final int BLOB_LENGTH = 4096;
    static final int MEMOS = 8;
    static final int MAX_ENTRIES = 4;
    static final int KEPT_ENTRIES = 40;
    private static final int ONE_IN = 8;

    /** With a large transaction at every multiple of a number; 0 for transactions that need no overflow segments, neither large nor flushed. */
    static LedgerPlan of(long k, int largeEvery) {
        SplittableRandom random = new SplittableRandom(k * 0x9E3779B97F4A7C15L);
        int changes = 1 + random.nextInt(5);
        return new LedgerPlan(
                k,
                random.ints(changes, 0, ACCOUNTS).boxed().toList(),
                random.longs(changes).boxed().toList(),
                random.nextInt(MAX_ENTRIES),
                random.nextInt(MEMOS),
                largeEvery > 0 && k % largeEvery == 0,
                random.nextInt(ONE_IN) == 0 && largeEvery > 0,
                random.nextInt(ONE_IN) == 0);
    }

    /** The text of an account that was changed by an amount; its length varies. */
    static String textOf(long amount) {
        return Long.toHexString(amount >>> (amount & 0x3F));
    }

    /** What a blob holds after the transaction that wrote it last. */
    static byte[] blob(long stamp, int index) {
        byte[] content = new byte[BLOB_LENGTH];
        if (stamp != 0) {
            new Random(stamp * BLOBS + index).nextBytes(content);
        }
        return content;
    }

    @Override
    public String toString() {
        return "transaction " + k + " of accounts " + accounts + (large ? ", large" : "") + (flushes ? ", flushes" : "")
                + (abortsFirst ? ", aborts first" : "");
    }
}
