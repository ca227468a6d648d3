package io.tha.capture;

/** What an active keeps of the committed state; docs/snapshots.md tells which one is for whom. */
public enum Snapshot {
    /** All of it, in a committed image: twice the memory of the state. It serves diff, abort, and standbys that join at any time. */
    IMAGE,
    /**
     * Of each line the content before its first mark in a transaction, under tracker {@code SOFTWARE}: diff and abort work as ever, standbys are
     * admitted when the application says so.
     */
    LINES,
    /** Nothing: what was written is sent as it is, nothing can be aborted, standbys are admitted when the application says so. */
    NONE
}
