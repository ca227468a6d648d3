/** The shared region: the control file of a domain, and the transaction log of an application, with their writers and readers. */
package io.tha.region;
