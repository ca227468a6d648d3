package io.tha.region;

/** How far an application's takeover has come; the order and the steps between the states are in docs/formats.md, chapter 5.4. */
public enum TakeoverState {
    /** Nobody ever served. */
    NONE(0),
    /** A process wants to serve this epoch. */
    CLAIMED(1),
    /** The log of the served epoch accepts nothing more. */
    SEALED(2),
    /** The claimant has applied everything up to the sealed tail. */
    CUT(3),
    /** The new epoch's log is in place. */
    OPENED(4),
    /** The named process is the active. */
    SERVING(5),
    /** The active has left in good order, or a claimant has given up. */
    RELEASED(6),
    /** The active asks a standby to take over; it takes the offer back if none does. */
    OFFERED(7);

    private final int code;

    TakeoverState(int code) {
        this.code = code;
    }

    /** What stands for the state in a takeover word. */
    int code() {
        return code;
    }
}
