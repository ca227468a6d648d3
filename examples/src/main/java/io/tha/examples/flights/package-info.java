/** A service that follows US flights: its state in a pool, one transaction per flight; in two versions. */
package io.tha.examples.flights;
