package io.tha.flyweight.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no field or no access to one is an error of the compiler, at the line of the method. */
class RefusedMethodsTest {

    /** One error at the last of these methods. */
    private static void refused(String message, String... methods) {
        String source = "@Flyweight\ninterface A {\n    " + String.join("\n    ", methods) + "\n}\n";

        List<String> errors = Compiled.of(source).errors();

        assertEquals(1, errors.size(), String.join("\n", errors));
        assertEquals(methods.length + 2 + ": flyweight 'A', method " + message, errors.get(0));
    }

    @Test
    void aTypeThatNoFieldHasIsRefused() {
        String instead = "; use a primitive type, String with @Text, long with @Pointer, an interface with @Flyweight, or for bytes void "
                + "value(int from, byte[] to) with @Bytes";
        refused("'value': a field cannot hold java.lang.Object" + instead, "@Field(1) Object value();");
        refused("'value': a field cannot hold long[]" + instead, "@Field(1) long[] value();");
        refused("'value': a field cannot hold java.lang.Integer" + instead, "@Field(1) Integer value();");
        refused("'value': a field cannot hold java.lang.Runnable" + instead, "@Field(1) Runnable value();");
        refused("'value': a field cannot hold void" + instead, "@Field(1) void value(int from, byte[] to);");
    }

    @Test
    void textWithoutALengthIsRefused() {
        refused("'name': text needs its greatest length in bytes of UTF-8; add @Text(n)", "@Field(1) String name();");
    }

    @Test
    void aLengthOfNothingIsRefused() {
        refused("'name': field 'name': 1 values of 0 bytes, expected a positive count and length", "@Field(1) @Text(0) String name();");
        refused("'name': field 'name': 1 values of -1 bytes, expected a positive count and length",
                "@Field(1) @Bytes(-1) void name(int from, byte[] to);");
        refused("'value': @Count(0), expected at least 1", "@Field(1) @Count(0) long value(int index);");
    }

    @Test
    void aFieldThatIsTooLargeIsRefused() {
        refused("'value': field 'value': ends at byte 1073741832, the limit is 1073741824", "@Field(1) @Count(134_217_729) long value(int index);");
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        String name = "n".repeat(256);
        refused("'" + name + "': field '" + name + "' has 256 characters, expected 1 to 255 bytes of UTF-8", "@Field(1) long " + name + "();");
    }

    @Test
    void aMisplacedOffsetIsRefused() {
        refused("'value': field 'value': offset 4 is misaligned, expected a multiple of 8", "@Field(1) @At(4) long value();");
    }

    @Test
    void anEarlierNameThatIsTheFieldsOwnIsRefused() {
        refused("'value': field 'value': the earlier name 'value' is its own, or declared twice", "@Field(1) @Was(\"value\") long value();");
    }

    @Test
    void aPointerWithoutATargetIsRefused() {
        String message = "'next': a pointer needs one target; write @Pointer(Route.class) with a flyweight interface, @Pointer(Object.class) for any "
                + "object, or @Pointer(layout = \"Route\") for a layout that is no flyweight";
        refused(message, "@Field(1) @Pointer long next();");
        refused(message, "@Field(1) @Pointer(value = A.class, layout = \"A\") long next();");
    }

    @Test
    void aPointerToWhatIsNoFlyweightIsRefused() {
        refused("'next': the target java.lang.String is no interface with @Flyweight; name one, or a layout by @Pointer(layout = …)",
                "@Field(1) @Pointer(String.class) long next();");
        refused("'next': the target long[] is no interface with @Flyweight; name one, or a layout by @Pointer(layout = …)",
                "@Field(1) @Pointer(long[].class) long next();");
        refused("'next': field 'next', target 'a b' holds white space or one of . [ ] = # '", "@Field(1) @Pointer(layout = \"a b\") long next();");
    }

    @Test
    void aPointerOfTwoKindsIsRefused() {
        refused("'next': it is @Pointer and @RawPointer; decide for one", "@Field(1) @RawPointer @Pointer(A.class) long next();");
    }

    @Test
    void anAnnotationThatDoesNotGoWithTheTypeIsRefused() {
        refused("'value': @Text goes with methods that return String, this one returns long; change the type, or remove the annotation",
                "@Field(1) @Text(8) long value();");
        refused("'value': @Pointer goes with methods that return long, this one returns int; change the type, or remove the annotation",
                "@Field(1) @Pointer(A.class) int value();");
        refused("'value': @RawPointer goes with methods that return long, this one returns double; change the type, or remove the annotation",
                "@Field(1) @RawPointer double value();");
        refused("'value': @Bytes goes with methods that return void, this one returns byte[]; change the type, or remove the annotation",
                "@Field(1) @Bytes(8) byte[] value();");
    }

    @Test
    void anArrayIsDeclaredByItsCountAndReadByAnIndex() {
        refused("'value': expected long value(), found long value(int index); an array needs @Count(n)", "@Field(1) long value(int index);");
        refused("'value': expected long value(int index), found long value(); an array needs an index", "@Field(1) @Count(3) long value();");
        refused("'value': expected long value(), found long value(String key); change its parameters", "@Field(1) long value(String key);");
        refused("'value': expected void value(int from, byte[] to), found void value(byte[] to); change its parameters",
                "@Field(1) @Bytes(8) void value(byte[] to);");
    }

    @Test
    void arraysOfBytesAndRawPointersAreRefused() {
        refused("'value': there are no arrays of bytes; nest them in a flyweight interface, and make an array of that",
                "@Field(1) @Count(2) @Bytes(8) void value(int from, byte[] to);");
        refused("'value': there are no arrays of raw_pointer; nest them in a flyweight interface, and make an array of that",
                "@Field(1) @Count(2) @RawPointer long value(int index);");
    }

    @Test
    void numbersOfFieldsAreUniqueAndPositive() {
        refused("'b': @Field(1), which 'a' has; numbers are unique, from 1 on", "@Field(1) long a();", "@Field(1) long b();");
        refused("'a': @Field(0); numbers are unique, from 1 on", "@Field(0) long a();");
    }

    @Test
    void namesThatAreTooMuchAlikeAreRefused() {
        refused("'delay_minutes': the fields with the numbers 1 and 2 are named 'delayMinutes' and 'delay_minutes', too much alike; "
                + "rename one, and give its old name by @Was if there is data", "@Field(1) long delayMinutes();", "@Field(2) long delay_minutes();");
        refused("'value': the fields with the numbers 1 and 2 are named 'value' and 'value', too much alike; rename one, "
                + "and give its old name by @Was if there is data", "@Field(1) long value();", "@Field(2) @Count(2) long value(int index);");
    }

    @Test
    void theNamesOfWhatEveryFlyweightHasAreRefused() {
        String taken = "every flyweight has a method with this name and these parameters; "
                + "choose another name, and give the old one by @Was if there is data";
        refused("'handle': " + taken, "@Field(1) long handle();");
        refused("'hashCode': " + taken, "@Field(1) int hashCode();");
        refused("'readAt': " + taken, "@Field(1) @Count(2) long readAt(int index);");
    }

    @Test
    void aSetterOfAnotherTypeIsRefused() {
        refused("'seats': expected void seats(long value), found void seats(int value); correct it",
                "@Field(1) long seats();", "void seats(int value);");
        refused("'seats': expected void seats(long value), found long seats(long value); correct it",
                "@Field(1) long seats();", "long seats(long value);");
        refused("'seats': expected void seats(int index, long value), found void seats(long value); correct it",
                "@Field(1) @Count(2) long seats(int index);", "void seats(long value);");
        refused("'name': expected void name(CharSequence value), found void name(StringBuilder text); correct it",
                "@Field(1) @Text(8) String name();", "void name(StringBuilder text);");
        refused("'hash': expected void hash(byte[] from, int to), found void hash(byte[] value); correct it",
                "@Field(1) @Bytes(8) void hash(int from, byte[] to);", "void hash(byte[] value);");
    }

    @Test
    void aSumOfAnotherTypeIsRefused() {
        refused("'addSeats': expected long addSeats(long delta), found void addSeats(long delta); correct it",
                "@Field(1) long seats();", "void addSeats(long delta);");
    }

    @Test
    void aMethodThatTheTypeDoesNotHaveIsRefused() {
        refused("'addFlag': the field 'flag' of type boolean has no such method; remove it",
                "@Field(1) boolean flag();", "boolean addFlag(boolean delta);");
        refused("'addNext': the field 'next' of type pointer has no such method; remove it",
                "@Field(1) @Pointer(A.class) long next();", "long addNext(long delta);");
        refused("'seatsEquals': the field 'seats' of type int64 has no such method; remove it",
                "@Field(1) long seats();", "boolean seatsEquals(CharSequence ascii);");
    }

    @Test
    void aMethodThatBelongsToNoFieldIsRefused() {
        refused("'sets': it is no field, and belongs to none; make it one with @Field(4), name it after a field (value, addValue, valueEquals), "
                + "or give it a body; fields are seats", "@Field(3) long seats();", "void sets(long value);");
    }

    @Test
    void anAnnotationOnAnotherMethodThanTheFieldsIsRefused() {
        refused("'seats': @Was belongs to the method with @Field; move it there",
                "@Field(1) long seats();", "@Was(\"chairs\") void seats(long value);");
    }

    @Test
    void aFieldWithABodyIsRefused() {
        refused("'other': @Field is on a method with a body; remove the body, or the annotation",
                "@Field(1) long seats();", "@Field(2) default long other() { return 1; }");
    }

    @Test
    void aSetterOfAStructureIsRefused() {
        List<String> errors = Compiled.of("""
                @Flyweight
                interface A {
                    @Field(1) B b();
                    void b(B value);
                }
                """, "@Flyweight interface B { @Field(1) long value(); }").errors();

        assertEquals(List.of("4: flyweight 'A', method 'b': the field 'b' of type struct has no such method; remove it"), errors);
    }
}
