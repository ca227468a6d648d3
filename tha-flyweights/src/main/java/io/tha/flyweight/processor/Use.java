package io.tha.flyweight.processor;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import io.tha.layout.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a method does with its field; each use has its name and its parameters. */
enum Use {
    GET,
    SET,
    ADD,
    EQUALS;

    private static final TypeName BYTE_ARRAY = ArrayTypeName.of(TypeName.BYTE);

    /** How a method with this use is called. */
    String nameFor(String field) {
        return switch (this) {
            case GET, SET -> field;
            case ADD -> "add" + field.substring(0, field.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT)
                    + field.substring(field.offsetByCodePoints(0, 1));
            case EQUALS -> field + "Equals";
        };
    }

    /** What a method of the field with this use may look like, the usual way first; none if the field has no such use. */
    List<Signature> signatures(FieldDeclaration field) {
        return switch (this) {
            case GET -> List.of(getter(field));
            case SET -> setters(field);
            case ADD -> Scalar.of(field.type())
                    .filter(Scalar::isNumber)
                    .map(scalar -> List.of(signature(scalar.inJava(), field, ParameterSpec.builder(scalar.inJava(), "delta").build())))
                    .orElse(List.of());
            case EQUALS -> field.type() == FieldType.UTF8 ? ofText(TypeName.BOOLEAN, field, "ascii") : List.of();
        };
    }

    private Signature getter(FieldDeclaration field) {
        return switch (field.type()) {
            case BYTES -> signature(TypeName.VOID, field, from(TypeName.INT), to(BYTE_ARRAY));
            case UTF8 -> signature(ClassName.get(String.class), field);
            case STRUCT -> signature(TypeName.get(field.shape().nested().type().asType()), field);
            default -> signature(Scalar.of(field.type()).orElseThrow().inJava(), field);
        };
    }

    private List<Signature> setters(FieldDeclaration field) {
        return switch (field.type()) {
            case BYTES -> List.of(signature(TypeName.VOID, field, from(BYTE_ARRAY), to(TypeName.INT)));
            case UTF8 -> ofText(TypeName.VOID, field, "value");
            case STRUCT -> List.of();
            default -> List.of(signature(
                    TypeName.VOID, field, ParameterSpec.builder(Scalar.of(field.type()).orElseThrow().inJava(), "value").build()));
        };
    }

    private List<Signature> ofText(TypeName returns, FieldDeclaration field, String parameter) {
        return List.of(
                signature(returns, field, ParameterSpec.builder(CharSequence.class, parameter).build()),
                signature(returns, field, ParameterSpec.builder(String.class, parameter).build()));
    }

    private static ParameterSpec from(TypeName type) {
        return ParameterSpec.builder(type, "from").build();
    }

    private static ParameterSpec to(TypeName type) {
        return ParameterSpec.builder(type, "to").build();
    }

    private Signature signature(TypeName returns, FieldDeclaration field, ParameterSpec... parameters) {
        List<ParameterSpec> all = new ArrayList<>();
        if (field.isArray()) {
            all.add(ParameterSpec.builder(TypeName.INT, "index").build());
        }
        all.addAll(List.of(parameters));
        return new Signature(returns, nameFor(field.name()), all);
    }
}
