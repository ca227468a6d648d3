package io.tha.region;

/**
 * Decides whether a process that a takeover word names is hung: its beat stood still for the whole lease, and the observer looked on all the time.
 *
 * <p>An observer that came late, because it was itself stopped or had no processor, cannot tell who stood still: it begins anew. So only the
 * observer's own monotonic clock is used, and only for the distances between its looks; no time is exchanged, and no clock that somebody can set
 * decides anything.
 *
 * <p>Threads: one.
 */
public final class Lease {
    /** A distance of more than this part of the lease between two looks is late. */
    private static final int PUNCTUAL_PART = 4;

    private final long leaseNanos;
    private long holder;
    private long beat;
    private long lastLook;
    private long stoodStill;
    private boolean began;

    /**
     * A lease of so many nanoseconds.
     *
     * @param leaseNanos 0: nobody ever counts as hung
     */
    public Lease(long leaseNanos) {
        this.leaseNanos = leaseNanos;
    }

    /**
     * Looks on; to be called much more often than four times in a lease.
     *
     * @param takeoverWord which names who must beat
     * @param beatWord of the same application
     * @param nanoTime of the caller, monotonic
     * @return whether who must beat is hung
     */
    public boolean isHung(long takeoverWord, long beatWord, long nanoTime) {
        long distance = nanoTime - lastLook;
        boolean same = began && takeoverWord == holder && beatWord == beat;
        boolean punctual = distance >= 0 && distance <= leaseNanos / PUNCTUAL_PART;
        stoodStill = same && punctual ? stoodStill + distance : 0;
        began = true;
        holder = takeoverWord;
        beat = beatWord;
        lastLook = nanoTime;
        return leaseNanos > 0 && stoodStill >= leaseNanos;
    }
}
