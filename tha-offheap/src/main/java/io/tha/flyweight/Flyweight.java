package io.tha.flyweight;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a layout as an interface, from which the annotation processor of {@code tha-flyweights} makes a class: {@code Airport} becomes
 * {@code AirportFlyweight}, the nested interface {@code Outer.Airport} becomes {@code Outer_AirportFlyweight}.
 *
 * <p>Each field is a method with {@link Field}, which reads it. Other abstract methods are told by their names and parameters:
 *
 * <pre>
 *  &#64;Field(1) long seats();                                           reads a number; any primitive type
 *  void seats(long value);                                         writes it
 *  long addSeats(long delta);                                      adds to it and returns the sum; not of booleans and characters
 *  &#64;Field(2) &#64;Count(8) int delays(int index);                        an array; its other methods begin with the index too
 *  &#64;Field(3) &#64;Text(8) String code();                                text
 *  void code(CharSequence value);
 *  boolean codeEquals(CharSequence ascii);                         whether it is exactly this
 *  &#64;Field(4) &#64;Bytes(20) void digest(int from, byte[] to);            copies out, into the whole array
 *  void digest(byte[] from, int to);                               copies in, the whole array
 *  &#64;Field(5) &#64;Pointer(Route.class) long route();                     a handle
 *  &#64;Field(6) Position position();                                   a nested structure, itself a flyweight
 * </pre>
 *
 * Only the methods that are declared are made: without setters the interface shows objects and does not change them. Default and static methods are
 * left alone.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Flyweight {
    /** The name of the layout, the same in all versions; that of the interface if empty. */
    String value() default "";
}
