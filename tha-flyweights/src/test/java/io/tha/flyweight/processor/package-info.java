/** What the annotation processor writes, and what it refuses. */
package io.tha.flyweight.processor;
