/** Several applications that commit together, killed and stopped at random, and their standbys read at one instant; docs/torture.md. */
package io.tha.torture.coordinated;
