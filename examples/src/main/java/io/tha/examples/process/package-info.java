/** Processes that a demonstration starts and kills, and the directory in which they meet. */
package io.tha.examples.process;
