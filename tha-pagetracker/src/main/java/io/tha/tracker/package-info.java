/** Page trackers: which lines of which pages a group has written since its last transaction. */
package io.tha.tracker;
