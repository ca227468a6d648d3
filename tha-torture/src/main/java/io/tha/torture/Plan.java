package io.tha.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What transaction k of a lane does: a function of seed, lane and k, the same for the service, which does it to a pool, and for {@link LaneModel}.
 *
 * @param lane in which transactions follow each other; different lanes go in parallel
 * @param k number of the transaction in its lane, from 1; the first one creates accounts and blobs
 * @param transfers that it makes; those of transaction {@code k - WINDOW} it makes undone
 * @param entries how many it creates; their ids begin at {@code k * MAX_ENTRIES}
 * @param memo whether it wants a memo, see {@link #createsMemo}
 * @param manner how it goes about it
 */
record Plan(int lane, long k, List<Transfer> transfers, int entries, boolean memo, Manner manner) {
    static final int LANES = 2;
    static final int ACCOUNTS = 12;
    static final long OPENING_BALANCE = 1_000_000;
    static final int WINDOW = 16;
    static final int MAX_ENTRIES = 4;
    static final int KEPT_ENTRIES = 24;
    static final int MEMOS = 8;
    static final int BLOBS = 32;
    static final int BLOB_LENGTH = 4096;
    /** Writes every blob: twice a ring of 64 KiB. */
    static final int LARGE_EVERY = 64;

    private static final int MAX_TRANSFERS = 4;
    private static final int MAX_AMOUNT = 10_000;

    /** Between two accounts. */
    record Transfer(int from, int to, long amount) {}

    /**
     * What does not show in the state.
     *
     * @param flushes whether it publishes parts before its commit
     * @param abortsFirst whether it is done, aborted, and done again
     * @param intents how many it announces
     * @param pauseMicros for which it stays open in the middle
     * @param acknowledgement whether its commit waits for standbys: 0 no, 1 received, 2 applied, 3 applied by all
     */
    record Manner(boolean flushes, boolean abortsFirst, int intents, int pauseMicros, int acknowledgement) {
        private static final int ONE_IN = 8;
        private static final int MOST_PAUSE_MICROS = 10_000;
        private static final int ACKNOWLEDGEMENTS = 4;

        private static Manner draw(SplittableRandom random) {
            return new Manner(
                    random.nextInt(ONE_IN) == 0,
                    random.nextInt(ONE_IN) == 0,
                    random.nextInt(ONE_IN) < 2 ? 1 + random.nextInt(2) : 0,
                    random.nextInt(2 * ONE_IN) == 0 ? random.nextInt(MOST_PAUSE_MICROS) : 0,
                    random.nextInt(2 * ONE_IN) == 0 ? random.nextInt(ACKNOWLEDGEMENTS) : 0);
        }
    }

    static Plan of(long seed, int lane, long k) {
        SplittableRandom random = new SplittableRandom((seed * LANES + lane) * 0x9E3779B97F4A7C15L + k * 0xC2B2AE3D27D4EB4FL);
        int count = 1 + random.nextInt(MAX_TRANSFERS);
        List<Transfer> transfers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            transfers.add(new Transfer(random.nextInt(ACCOUNTS), random.nextInt(ACCOUNTS), random.nextInt(MAX_AMOUNT)));
        }
        return new Plan(lane, k, transfers, random.nextInt(MAX_ENTRIES), random.nextInt(2) == 0, Manner.draw(random));
    }

    /** Whose stamp and text it sets. */
    int stampedAccount() {
        return (int) (k % ACCOUNTS);
    }

    /** Whose entries it creates, one for each. */
    int owner(int entry) {
        return transfers.get(entry % transfers.size()).to();
    }

    long entryId(int entry) {
        return k * MAX_ENTRIES + entry;
    }

    int memoSlot() {
        return (int) (k % MEMOS);
    }

    /** Whether it creates the memo of its slot, given the plan of {@code k - MEMOS}: which has done so if it could, and it is deleted now. */
    boolean createsMemo(Plan before) {
        return memo && (before == null || !before.memo);
    }

    boolean isLarge() {
        return k % LARGE_EVERY == 0;
    }

    /** The number of the last large transaction up to k; 0 if there is none. */
    static long lastLarge(long k) {
        return k / LARGE_EVERY * LARGE_EVERY;
    }

    /** What an account's text is after transaction k; its length varies. */
    static String textOf(long k) {
        long mixed = k * 0x9E3779B97F4A7C15L;
        return Long.toHexString(mixed >>> (k & 0x3F));
    }

    /** The intent that a part of it announces. */
    String intent(int part) {
        return lane + ":" + k + ":" + part;
    }
}
