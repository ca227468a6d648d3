/** What a service embeds to be a standby, and the standby's own main. */
package io.tha.standby;
