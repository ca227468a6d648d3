/** A service that follows US flights: its state in a pool, one transaction per flight. */
package io.tha.examples.flights;
