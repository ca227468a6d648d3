/** What a service calls: the application in its active role, and its transactions. */
package io.tha.active;
