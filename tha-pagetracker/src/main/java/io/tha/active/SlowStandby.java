package io.tha.active;

/** What becomes of a standby that has not made room in the log when {@link ThaConfig.Builder#readerTimeout} is over. */
public enum SlowStandby {
    /** The active goes on; the standby copies the state anew. For services whose pace matters more than a second copy at every moment. */
    DROP,
    /**
     * The commit is refused with {@link io.tha.StandbyBehindException}, until the standby makes room, leaves or dies. For services that would
     * rather not serve than serve alone. A standby that is still building its copy is dropped.
     */
    REJECT
}
