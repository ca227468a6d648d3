package io.tha.takeover;

import io.tha.active.ThaApplication;

/**
 * The outcome of a takeover: this process is the active.
 *
 * @param application to go on with, at exactly the committed state
 * @param epoch that it serves
 * @param claimedNanos {@link System#nanoTime} when the old active was seen to be gone
 * @param sealedNanos when its log was sealed: nothing of it can show any more
 * @param servingNanos when this process began to serve
 */
public record Takeover(ThaApplication application, long epoch, long claimedNanos, long sealedNanos, long servingNanos) {}
