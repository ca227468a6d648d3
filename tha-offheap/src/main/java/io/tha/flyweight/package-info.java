/**
 * Typed views of objects: annotations that declare a layout as an interface, and what the classes that are generated from them have in common.
 */
package io.tha.flyweight;
