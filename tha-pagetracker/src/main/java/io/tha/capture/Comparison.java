package io.tha.capture;

/** Where written memory is compared with what was committed before, so that only what differs counts; see docs/snapshots.md. */
public enum Comparison {
    /** On the active, with its snapshot: only what differs travels. */
    ACTIVE,
    /** On the standby, with its copy: the active sends what was written, the standby stores what differs. */
    STANDBY,
    /** Nowhere: everything in a written line, or that the application named, counts as changed. */
    NOWHERE
}
