/**
 * Transactions of several applications: what they have done, and what that decides; docs/coordination.md.
 */
package io.tha.coordination;
