package io.tha.flyweight;

/** A field of each kind, alone and as an array. The numbers are not in the order of the source. */
@Flyweight("Every")
@RenamedFrom("All")
@Size(1_024)
interface EveryKind {
    @Field(20)
    byte int8();

    void int8(byte value);

    byte addInt8(byte delta);

    @Field(2)
    short int16();

    void int16(short value);

    short addInt16(short delta);

    @Field(3)
    @Was({"number", "int"})
    int int32();

    void int32(int value);

    int addInt32(int delta);

    @Field(4)
    @Local
    long int64();

    void int64(long value);

    long addInt64(long delta);

    @Field(5)
    float float32();

    void float32(float value);

    float addFloat32(float delta);

    @Field(6)
    @At(128)
    double float64();

    void float64(double value);

    double addFloat64(double delta);

    @Field(7)
    boolean flag();

    void flag(boolean value);

    @Field(8)
    char letter();

    void letter(char value);

    @Field(9)
    @Text(9)
    String text();

    void text(String value);

    boolean textEquals(CharSequence ascii);

    @Field(10)
    @Bytes(70)
    void bytes(int from, byte[] to);

    void bytes(byte[] from, int to);

    @Field(11)
    @Pointer(Stop.class)
    long stop();

    void stop(long value);

    @Field(12)
    @RawPointer
    long raw();

    void raw(long value);

    @Field(13)
    Stop route();

    @Field(14)
    @Count(3)
    Stop stops(int index);

    @Field(21)
    @Count(4)
    byte int8s(int index);

    void int8s(int index, byte value);

    byte addInt8s(int index, byte delta);

    @Field(22)
    @Count(4)
    short int16s(int index);

    void int16s(int index, short value);

    short addInt16s(int index, short delta);

    @Field(23)
    @Count(40)
    int int32s(int index);

    void int32s(int index, int value);

    int addInt32s(int index, int delta);

    @Field(24)
    @Count(4)
    long int64s(int index);

    void int64s(int index, long value);

    long addInt64s(int index, long delta);

    @Field(25)
    @Count(4)
    float float32s(int index);

    void float32s(int index, float value);

    float addFloat32s(int index, float delta);

    @Field(26)
    @Count(4)
    double float64s(int index);

    void float64s(int index, double value);

    double addFloat64s(int index, double delta);

    @Field(27)
    @Count(4)
    boolean flags(int index);

    void flags(int index, boolean value);

    @Field(28)
    @Count(4)
    char letters(int index);

    void letters(int index, char value);

    @Field(29)
    @Count(4)
    @Text(7)
    String texts(int index);

    void texts(int index, CharSequence value);

    boolean textsEquals(int index, CharSequence ascii);

    @Field(30)
    @Count(4)
    @Pointer(Object.class)
    long objects(int index);

    void objects(int index, long value);

    /** Not a field. */
    default boolean isFlagged() {
        return flag() || flags(0);
    }
}
