package io.tha.transform;

/** What becomes of a pointer whose target the other side has not at the end of the transaction: deleted, or never replicated; docs/versions.md 3. */
public enum Dangling {
    /** It stays a pointer to nothing: to follow it is refused, as on the active. If its target comes with a later transaction, it leads there. */
    KEEP,
    /** It becomes null, for good. */
    NULL,
    /** It is refused: a standby stops, and says which pointer of which object it was. */
    FAIL
}
