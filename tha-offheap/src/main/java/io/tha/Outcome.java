package io.tha;

/** What became of a transaction; the same on the active, on its standbys up to the position where they are, and after a takeover. */
public enum Outcome {
    /** It is in the log: no takeover loses it. */
    COMMITTED,
    /** It had published something, and was aborted, or was undecided when its process was lost: nothing of it counts. */
    ABORTED,
    /** It has published something, changes or an intent, and is not decided. */
    UNDECIDED,
    /** Nothing of it was ever published: it was not committed, and cannot be any more if its process was lost. */
    UNKNOWN_NEVER_PUBLISHED,
    /** It is so old that it is not remembered what became of it, or whether it ever was. */
    FORGOTTEN
}
