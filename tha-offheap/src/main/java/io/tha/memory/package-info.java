/**
 * Mapped files, the one memory-access class, reservation of space, and the marks of written lines.
 */
package io.tha.memory;
