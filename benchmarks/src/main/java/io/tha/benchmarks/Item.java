package io.tha.benchmarks;

import io.tha.flyweight.Count;
import io.tha.flyweight.Field;
import io.tha.flyweight.Flyweight;

/** The objects of {@link WhatDoesAFlyweightCost}. */
@Flyweight
public interface Item {
    @Field(1)
    long first();

    void first(long value);

    long addFirst(long delta);

    @Field(2)
    long second();

    void second(long value);

    @Field(3)
    @Count(4)
    int counts(int index);

    void counts(int index, int value);
}
