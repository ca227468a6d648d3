package io.tha.flyweight;

/** A structure with structures. */
@Flyweight("StopOfRoute")
interface Stop {
    @Field(1)
    int minute();

    void minute(int value);

    @Field(2)
    Place place();

    @Field(3)
    @Count(2)
    Place exits(int index);

    @Field(4)
    @Bytes(5)
    void ticket(int from, byte[] to);

    void ticket(byte[] from, int to);
}
