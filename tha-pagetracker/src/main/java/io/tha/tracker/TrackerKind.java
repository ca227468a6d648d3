package io.tha.tracker;

/** How written memory is found; docs/trackers.md tells which one is for whom. */
public enum TrackerKind {
    /** {@link #USERFAULTFD}, else {@link #MPROTECT}, else {@link #COMPARE}, if writes by address are declared; otherwise {@link #SOFTWARE}. */
    AUTO,
    /** Writes through the pool mark lines of 64 bytes: everywhere, and for others' writes blind. */
    SOFTWARE,
    /** The kernel notices writes to pages, whoever makes them; Linux 6.7 or later. */
    USERFAULTFD,
    /** A handler of SIGSEGV notices writes to pages, except the kernel's: those must be declared by {@link io.tha.pool.ThaPool#touch}. */
    MPROTECT,
    /** Compares everything that the group has: always right, also for writes by address, and the slowest. */
    COMPARE,
    /** The application names what it changes, by {@code Transaction.changed}; everything else that it writes stays in its process. */
    APPLICATION;

    /** Whether a page that is made present for writing counts as written: then nobody should make pages ahead of their first write. */
    public boolean countsPagesMade() {
        return this == USERFAULTFD || this == MPROTECT;
    }

    /** Whether it finds writes that are not made through the pool, by itself. */
    public boolean seesRawWrites() {
        return this != SOFTWARE && this != APPLICATION;
    }
}
