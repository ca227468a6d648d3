/**
 * Makes flyweight classes from annotated interfaces, in the compiler: reads and checks an interface, declares its layout, writes its class.
 */
package io.tha.flyweight.processor;
