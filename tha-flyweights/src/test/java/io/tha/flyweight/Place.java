package io.tha.flyweight;

/** A structure that others nest. */
@Flyweight
interface Place {
    @Field(1)
    double x();

    void x(double value);

    double addX(double delta);

    @Field(2)
    @Count(2)
    short floors(int index);

    void floors(int index, short value);

    @Field(3)
    @Text(6)
    String label();

    void label(CharSequence value);

    boolean labelEquals(CharSequence ascii);
}
