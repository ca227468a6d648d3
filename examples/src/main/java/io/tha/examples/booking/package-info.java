/** Three services, each with a process and a standby of its own, that take bookings together: one coordinated transaction for each order. */
package io.tha.examples.booking;
