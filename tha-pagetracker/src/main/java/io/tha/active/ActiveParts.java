package io.tha.active;

import io.tha.pool.CommittedImage;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.LogFile;

/**
 * What an active works with, prepared before it serves.
 *
 * @param control of the domain
 * @param name of the application
 * @param pool its state
 * @param image the committed state
 * @param log of its epoch
 * @param config it was opened with
 */
public record ActiveParts(ControlFile control, String name, ThaPool pool, CommittedImage image, LogFile log, ThaConfig config) {}
