/** Pools: slabs and slots of objects, names and groups, and the committed image beside a pool. */
package io.tha.pool;
