/** The torture rig: nodes that are killed, stopped and ended at random moments, and the proof that nothing was lost, doubled or torn. */
package io.tha.torture;
