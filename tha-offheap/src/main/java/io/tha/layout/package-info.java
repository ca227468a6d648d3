/**
 * Layouts of objects, their canonical description and fingerprint, and the handles by which fields are read and written.
 */
package io.tha.layout;
