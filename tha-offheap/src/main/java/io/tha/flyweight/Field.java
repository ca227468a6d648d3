package io.tha.flyweight;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a field, named as the method, and says which place it takes: fields lie in the order of their numbers. The order of the
 * methods in the source does not matter, so moving them moves no data.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Field {
    /** From 1 on, once in each interface; there may be gaps. */
    int value();
}
