/** Six processes of three services, a driver that books and kills, and the comparison of what they have. */
package io.tha.examples.booking.demo;
