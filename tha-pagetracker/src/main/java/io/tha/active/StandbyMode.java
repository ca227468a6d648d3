package io.tha.active;

/** What a standby keeps of the state that it follows. */
public enum StandbyMode {
    /** A copy of its own, which it can be asked, and which serves whatever becomes of the active's memory. */
    COPY,
    /**
     * No copy: it takes over by mapping the committed image that the active leaves. It keeps names and free places only, and answers no queries. It
     * waits
     * for an active that hangs in the middle of a commit.
     */
    MAPPING
}
