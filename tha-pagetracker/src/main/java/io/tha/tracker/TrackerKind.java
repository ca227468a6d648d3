package io.tha.tracker;

/** How written memory is found; docs/trackers.md tells which one is for whom. */
public enum TrackerKind {
    /** {@link #USERFAULTFD}, or {@link #COMPARE} where that is missing, if writes by address are declared; else {@link #SOFTWARE}. */
    AUTO,
    /** Writes through the pool mark lines of 64 bytes: everywhere, and for others' writes blind. */
    SOFTWARE,
    /** The kernel notices writes to pages, whoever makes them; Linux 6.7 or later. */
    USERFAULTFD,
    /** Compares everything that the group has: always right, also for writes by address, and the slowest. */
    COMPARE;

    /** Whether a page that is made present by the kernel counts as written: then nobody should make pages ahead of their first write. */
    public boolean countsPagesMade() {
        return this == USERFAULTFD;
    }

    /** Whether it finds writes that are not made through the pool. */
    public boolean seesRawWrites() {
        return this != SOFTWARE;
    }
}
