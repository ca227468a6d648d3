package io.tha.flyweight.processor;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import io.tha.flyweight.processor.Declaration.Access;
import io.tha.memory.Memory;
import javax.lang.model.element.Modifier;

/** The method of a flyweight for one access to one field. */
final class AccessCode {
    private final FieldDeclaration field;
    private final Access access;

    AccessCode(Access access) {
        this.access = access;
        field = access.field();
    }

    MethodSpec method() {
        return MethodSpec.methodBuilder(access.signature().name())
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(access.signature().returns())
                .addParameters(access.signature().parameters())
                .addCode(body())
                .build();
    }

    private CodeBlock body() {
        return switch (access.use()) {
            case GET -> get();
            case SET -> set();
            case ADD -> add();
            case EQUALS -> statement("return $L_TEXT.contentEquals(readAt($L), ascii)", field.constant(), place());
        };
    }

    private CodeBlock get() {
        return switch (field.type()) {
            case BYTES -> statement("readBytes($L, $L_LENGTH, from, to)", place(), field.constant());
            case UTF8 -> statement("return $L_TEXT.get(readAt($L))", field.constant(), place());
            case STRUCT -> CodeBlock.builder()
                    .addStatement("showNested($LFlyweight, $L)", field.name(), place())
                    .addStatement("return $LFlyweight", field.name())
                    .build();
            case BOOLEAN -> statement("return $T.getByte(readAt($L)) != 0", Memory.class, place());
            default -> statement("return $T.get$L(readAt($L))", Memory.class, scalar().inMemory(), place());
        };
    }

    private CodeBlock set() {
        return switch (field.type()) {
            case BYTES -> statement("writeBytes($L, $L_LENGTH, from, to)", place(), field.constant());
            case UTF8 -> statement("writeText($L, $L_TEXT, value)", place(), field.constant());
            case BOOLEAN -> statement("$T.putByte(writeAt($L), (byte) (value ? 1 : 0))", Memory.class, place());
            default -> statement("$T.put$L(writeAt($L), value)", Memory.class, scalar().inMemory(), place());
        };
    }

    private CodeBlock add() {
        String sum = scalar().isNarrow() ? "($T) ($T.get$L(address) + delta)" : "$T.get$L(address) + delta";
        Object[] arguments = scalar().isNarrow()
                ? new Object[] {scalar().inJava(), scalar().inJava(), Memory.class, scalar().inMemory()}
                : new Object[] {scalar().inJava(), Memory.class, scalar().inMemory()};
        return CodeBlock.builder()
                .addStatement("long address = writeAt($L)", place())
                .addStatement("$T sum = " + sum, arguments)
                .addStatement("$T.put$L(address, sum)", Memory.class, scalar().inMemory())
                .addStatement("return sum")
                .build();
    }

    /** From the start of the structure to the value. */
    private CodeBlock place() {
        if (!field.isArray()) {
            return CodeBlock.of("$L_OFFSET", field.constant());
        }
        return CodeBlock.of("$L_OFFSET + checkIndex($S, index, $L_COUNT) * $L", field.constant(), field.name(), field.constant(), length(field));
    }

    /** The length of one value. */
    static CodeBlock length(FieldDeclaration field) {
        return Scalar.of(field.type())
                .map(scalar -> CodeBlock.of("$T.BYTES", scalar.withBytes()))
                .orElse(CodeBlock.of("$L_LENGTH", field.constant()));
    }

    private Scalar scalar() {
        return Scalar.of(field.type()).orElseThrow();
    }

    private static CodeBlock statement(String format, Object... arguments) {
        return CodeBlock.builder().addStatement(format, arguments).build();
    }
}
