/** Takeover: noticing that the active is gone, claiming its epoch, sealing its log, and becoming the active. */
package io.tha.takeover;
