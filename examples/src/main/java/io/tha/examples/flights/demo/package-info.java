/** The demonstration: processes that are killed, and the proof that nothing was lost. */
package io.tha.examples.flights.demo;
