package io.tha.follow;

import io.tha.region.ReaderSlots;

/**
 * Who joins a log.
 *
 * @param readers makes the log's reader slots
 * @param processSlot of this process
 * @param whileWaiting is called again and again while the active has not admitted standbys; pauses, or throws to give up
 */
public record Joiner(ReaderSlots readers, int processSlot, Runnable whileWaiting) {}
