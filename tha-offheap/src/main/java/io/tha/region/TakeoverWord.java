package io.tha.region;

import io.tha.CorruptRegionException;

/**
 * The takeover word of one application, as functions over a long. The word 0 is {@link TakeoverState#NONE}.
 * <pre>
 *   bit 0        4        12          38              64
 *   | state      | slot   | epoch     | served epoch  |
 * </pre>
 * Slot and epoch are those of the process that made the step; the served epoch is the one whose log holds the truth.
 */
public final class TakeoverWord {
    private static final int STATE_BITS = 4;
    private static final int SLOT_BITS = 8;
    /** 67 million takeovers of one application; an epoch is never reused. */
    private static final int EPOCH_BITS = 26;

    private static final int SLOT_SHIFT = STATE_BITS;
    private static final int EPOCH_SHIFT = SLOT_SHIFT + SLOT_BITS;
    private static final int SERVED_EPOCH_SHIFT = EPOCH_SHIFT + EPOCH_BITS;
    private static final int STATE_MASK = (1 << STATE_BITS) - 1;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int EPOCH_MASK = (1 << EPOCH_BITS) - 1;
    /** By their codes. */
    private static final TakeoverState[] STATES = TakeoverState.values();

    public static final int MAX_SLOT = SLOT_MASK;
    public static final int MAX_EPOCH = EPOCH_MASK;

    private TakeoverWord() {}

    /**
     * Packs a word.
     *
     * @throws IllegalArgumentException if a part is out of its range, or the served epoch is greater than the epoch
     */
    public static long word(TakeoverState state, int slot, long epoch, long servedEpoch) {
        if (slot < 0 || slot > MAX_SLOT || epoch < 0 || epoch > MAX_EPOCH || servedEpoch < 0 || servedEpoch > epoch) {
            throw new IllegalArgumentException("takeover word " + state + " of slot " + slot + ", epoch " + epoch + ", served epoch "
                    + servedEpoch + ": expected slot 0.." + MAX_SLOT + ", epoch 0.." + MAX_EPOCH + ", served epoch 0..epoch");
        }
        return state.code() | (long) slot << SLOT_SHIFT | epoch << EPOCH_SHIFT | servedEpoch << SERVED_EPOCH_SHIFT;
    }

    /**
     * The state in a word.
     *
     * @throws CorruptRegionException if no such state exists
     */
    public static TakeoverState state(long word) {
        int code = (int) word & STATE_MASK;
        if (code >= STATES.length) {
            throw new CorruptRegionException("takeover word 0x" + Long.toHexString(word) + ": state " + code + ", expected 0.."
                    + (STATES.length - 1) + "; the control file was damaged, stop all processes of the domain and remove it");
        }
        return STATES[code];
    }

    public static int slot(long word) {
        return (int) (word >>> SLOT_SHIFT) & SLOT_MASK;
    }

    public static int epoch(long word) {
        return (int) (word >>> EPOCH_SHIFT) & EPOCH_MASK;
    }

    public static int servedEpoch(long word) {
        return (int) (word >>> SERVED_EPOCH_SHIFT) & EPOCH_MASK;
    }

    /** For messages; accepts any word. */
    public static String describe(long word) {
        int code = (int) word & STATE_MASK;
        String state = code < STATES.length ? STATES[code].name() : "state " + code;
        return state + "(epoch " + epoch(word) + ", slot " + slot(word) + ", served epoch " + servedEpoch(word) + ")";
    }
}
