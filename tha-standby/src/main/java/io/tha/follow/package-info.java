/** The standby's way from frames to its own pool: tail the log, translate handles, commit; and the bootstrap from the committed image. */
package io.tha.follow;
