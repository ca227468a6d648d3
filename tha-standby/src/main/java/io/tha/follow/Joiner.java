package io.tha.follow;

import io.tha.region.ReaderSlots;

/**
 * Who joins a log.
 *
 * @param readers makes the log's reader slots
 * @param processSlot of this process
 * @param version what this process declares of its own version
 * @param whileWaiting is called again and again while the active has not admitted standbys; pauses, or throws to give up
 */
public record Joiner(ReaderSlots readers, int processSlot, Version version, Runnable whileWaiting) {
    /**
     * This side's version.
     *
     * @param layouts that it declares
     * @param losses is told of what of the active's state does not fit them
     */
    public record Version(DeclaredLayouts layouts, Losses losses) {
        /** One that takes all layouts as they are. */
        public static Version undeclared() {
            return new Version(new DeclaredLayouts(), new Losses());
        }
    }
}
