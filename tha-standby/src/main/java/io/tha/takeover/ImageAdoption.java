package io.tha.takeover;

import io.tha.follow.ImageFollower;
import io.tha.memory.CrashPoint;
import io.tha.pool.CommittedImage;
import io.tha.region.ControlFile;
import io.tha.region.ProcessRemains;

/**
 * Makes the image that the old active has left this process's own, when nobody else can write it any more, and completes it; docs/formats.md 5.6.
 *
 * <p>Threads: one at a time.
 */
public final class ImageAdoption {
    private final ControlFile control;
    private final CommittedImage image;
    private final ImageFollower follower;
    /** Whether the image's writer word names this process because of this object, and not because the active lives in it. */
    private boolean taken;

    /** How far it is. */
    public enum Result {
        /** The image is the committed state at the cut, and nobody but this process writes it. */
        ADOPTED,
        /** Who writes it is dying: try again at once. */
        NOT_YET,
        /** Who writes it lives, and was stopped in the middle: try again when it has ended, or has gone on. */
        HELD
    }

    public ImageAdoption(ControlFile control, CommittedImage image, ImageFollower follower) {
        this.control = control;
        this.image = image;
        this.follower = follower;
    }

    /** Looks, and takes the image if that is possible; the log must be sealed, and followed to its end. */
    public Result adopt() {
        // The writer first: who reads of another one that it is complete finds that it was so when the word was read.
        long writer = image.memory().writerVolatile();
        Result found = look(writer);
        if (found != Result.ADOPTED) {
            return found;
        }
        if (!image.memory().casWriter(writer, control.processWord())) {
            return Result.NOT_YET;
        }
        taken = true;
        CrashPoint.AFTER_IMAGE_TAKEN.reached();
        follower.redo(image);
        CrashPoint.IN_IMAGE_REDO.reached();
        image.appliedRelease(follower.lastEnd());
        CrashPoint.AFTER_IMAGE_REDO.reached();
        return Result.ADOPTED;
    }

    private Result look(long writer) {
        if (isComplete() || taken) {
            return Result.ADOPTED;
        }
        ProcessRemains remains = control.remains(writer);
        if (remains.isGone()) {
            return Result.ADOPTED;
        }
        return remains.isDying() ? Result.NOT_YET : Result.HELD;
    }

    /** Nobody is putting a transaction into it. */
    private boolean isComplete() {
        return image.memory().appliedAcquire() == follower.lastEnd();
    }

    /** Whether {@link #adopt} would not be held up now. */
    public boolean isPossible() {
        return look(image.memory().writerVolatile()) != Result.HELD;
    }

    /** Who holds the image, for people. */
    public String holder() {
        return control.remains(image.memory().writerVolatile()).toString();
    }
}
