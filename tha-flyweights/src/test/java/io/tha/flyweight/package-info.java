/** Flyweights of a pool, beside field handles of the same layouts. */
package io.tha.flyweight;
