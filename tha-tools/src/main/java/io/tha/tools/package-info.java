/** Commands for those who build, deploy and operate a service. */
package io.tha.tools;
