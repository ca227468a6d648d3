package io.tha.flyweight;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Puts the field at an offset of its own, as {@link io.tha.layout.LayoutBuilder#at}; those with greater numbers follow it. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface At {
    /** In bytes, from the start of the structure; a multiple of the alignment of the type. */
    int value();
}
