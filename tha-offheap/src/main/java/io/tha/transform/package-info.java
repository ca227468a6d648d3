/** From the bytes of one layout to those of another: what changed between two versions of a structure. */
package io.tha.transform;
