package io.tha.flyweight.processor;

import com.palantir.javapoet.TypeName;
import io.tha.layout.FieldType;
import java.util.Arrays;
import java.util.Optional;
import javax.lang.model.type.TypeKind;

/** Values of at most eight bytes: how the layout, Java and {@link io.tha.memory.Memory} call them. */
enum Scalar {
    INT8(FieldType.INT8, "int8", byte.class, Byte.class),
    INT16(FieldType.INT16, "int16", short.class, Short.class),
    INT32(FieldType.INT32, "int32", int.class, Integer.class),
    INT64(FieldType.INT64, "int64", long.class, Long.class),
    FLOAT32(FieldType.FLOAT32, "float32", float.class, Float.class),
    FLOAT64(FieldType.FLOAT64, "float64", double.class, Double.class),
    BOOLEAN(FieldType.BOOLEAN, "bool", boolean.class, Byte.class),
    CHAR16(FieldType.CHAR16, "char16", char.class, Character.class),
    POINTER(FieldType.POINTER, "pointer", long.class, Long.class),
    RAW_POINTER(FieldType.RAW_POINTER, "rawPointer", long.class, Long.class);

    private final FieldType type;
    private final String declared;
    private final Class<?> inJava;
    private final Class<?> withBytes;

    Scalar(FieldType type, String declared, Class<?> inJava, Class<?> withBytes) {
        this.type = type;
        this.declared = declared;
        this.inJava = inJava;
        this.withBytes = withBytes;
    }

    static Optional<Scalar> of(FieldType type) {
        return Arrays.stream(values()).filter(scalar -> scalar.type == type).findFirst();
    }

    /** What a primitive type of Java is unless an annotation says more. */
    static Scalar of(TypeKind kind) {
        return switch (kind) {
            case BYTE -> INT8;
            case SHORT -> INT16;
            case INT -> INT32;
            case LONG -> INT64;
            case FLOAT -> FLOAT32;
            case DOUBLE -> FLOAT64;
            case BOOLEAN -> BOOLEAN;
            case CHAR -> CHAR16;
            default -> throw new IllegalArgumentException(kind + " is no primitive type");
        };
    }

    FieldType type() {
        return type;
    }

    /** The method of the layout builder. */
    String declared() {
        return declared;
    }

    TypeName inJava() {
        return TypeName.get(inJava);
    }

    /** The class whose constant BYTES is the length. */
    Class<?> withBytes() {
        return withBytes;
    }

    /** What follows get and put in the names of memory's methods. */
    String inMemory() {
        return switch (this) {
            case INT8, BOOLEAN -> "Byte";
            case INT16 -> "Short";
            case INT32 -> "Int";
            case INT64, POINTER, RAW_POINTER -> "Long";
            case FLOAT32 -> "Float";
            case FLOAT64 -> "Double";
            case CHAR16 -> "Char";
        };
    }

    /** Whether something can be added to it. */
    boolean isNumber() {
        return switch (this) {
            case BOOLEAN, CHAR16, POINTER, RAW_POINTER -> false;
            default -> true;
        };
    }

    /** Whether Java computes with it in a wider type. */
    boolean isNarrow() {
        return this == INT8 || this == INT16;
    }
}
