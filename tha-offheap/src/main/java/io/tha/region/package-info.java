/**
 * What processes share besides pools: the control file with its processes, applications and takeover words, and the transaction log.
 */
package io.tha.region;
