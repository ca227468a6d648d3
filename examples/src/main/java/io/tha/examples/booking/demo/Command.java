package io.tha.examples.booking.demo;

/** What the driver says to a node: the first word of a line. */
enum Command {
    /** To an active: the transaction's id, and an order. Answered when it is decided, by DECIDED. */
    ORDER,
    /** To an active: what it has. */
    REPORT,
    /** To a standby: it stays where it is. */
    HOLD,
    /** To a standby that is held: where it is. */
    CUT,
    /** To a standby that is held: it goes on to an entry of its chain, in so many milliseconds at most. */
    ADVANCE,
    /** To a standby that is held: what it has. */
    READ,
    /** To a standby that is held: it goes on. */
    RELEASE
}
