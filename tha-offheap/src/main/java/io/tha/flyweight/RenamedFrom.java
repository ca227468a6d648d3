package io.tha.flyweight;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names that the layout has in other versions, as {@link io.tha.layout.LayoutBuilder#renamedFrom}. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface RenamedFrom {
    /** The latest first. */
    String[] value();
}
