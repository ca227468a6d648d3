package io.tha.flyweight;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a field of type {@code long} a pointer: a handle, 0 for null. Its target is declared by interface or by name. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Pointer {
    /** The flyweight of its target; {@code Object.class} for a pointer to any object. */
    Class<?> value() default void.class;

    /** The name of the layout of its target, where that is no flyweight. */
    String layout() default "";
}
