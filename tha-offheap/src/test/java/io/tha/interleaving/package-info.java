/** Runs several actors on one thread in every order of their accesses to shared memory that makes a difference: docs/memory-ordering.md. */
package io.tha.interleaving;
