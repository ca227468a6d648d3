package io.tha.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Of a class that takes long: when tests are made in part, see {@link Extent}, as many of its tests and rows run as {@code -Dtha.percent} says, and
 * others in each run. Which are left out is reported, with the seed that repeats the choice.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Sample.class)
public @interface Sampled {}
