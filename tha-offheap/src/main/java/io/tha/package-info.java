/**
 * The exceptions of the engine.
 */
package io.tha;
