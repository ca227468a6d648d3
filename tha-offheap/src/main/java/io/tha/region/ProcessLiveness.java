package io.tha.region;

/** Tells whether the process that has a slot of the control file is known to be dead. */
public interface ProcessLiveness {
    /** False in doubt. */
    boolean isDead(int processSlot);
}
