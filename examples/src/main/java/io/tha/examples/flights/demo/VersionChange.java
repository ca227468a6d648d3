package io.tha.examples.flights.demo;

/**
 * When the service began to run in a version.
 *
 * @param event position of the first flight that this version has taken in
 * @param version 1 or 2
 */
record VersionChange(long event, int version) {}
