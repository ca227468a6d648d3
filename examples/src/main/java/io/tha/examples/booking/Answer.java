package io.tha.examples.booking;

/** What became of an order, as one of the services tells it. */
public enum Answer {
    /** All services have it, for good. */
    COMMITTED,
    /** None has it: another one has refused it, or one that it was built on, or was killed. */
    ABORTED,
    /** None has it: this one has refused it. */
    REFUSED,
    /** This one has done its part. */
    UNDECIDED
}
