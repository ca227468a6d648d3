package io.tha.flyweight.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import io.tha.flyweight.RenamedFrom;
import io.tha.flyweight.Size;
import io.tha.layout.Layout;
import io.tha.layout.LayoutBuilder;
import io.tha.layout.LayoutException;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.TypeElement;

/** The layout of an interface twice: built now, for its offsets and its problems, and as the code that builds it again at run time. */
final class LayoutCode {
    private final TypeElement type;
    private final List<FieldDeclaration> fields;

    LayoutCode(TypeElement type, List<FieldDeclaration> fields) {
        this.type = type;
        this.fields = fields;
    }

    /** The layout, or nothing if a problem was reported. */
    Optional<Layout> layout(Problems problems) {
        boolean each = true;
        for (FieldDeclaration field : fields) {
            each &= checkAlone(field, problems);
        }
        if (!each || problems.any()) {
            return Optional.empty();
        }
        LayoutBuilder builder = Layout.named(Declarations.layoutName(type));
        fields.forEach(field -> declare(field, builder));
        Size size = type.getAnnotation(Size.class);
        if (size != null) {
            builder.size(size.value());
        }
        builder.renamedFrom(earlierNames());
        try {
            return Optional.of(builder.build());
        } catch (LayoutException e) {
            problems.ofInterface(e.getMessage());
            return Optional.empty();
        }
    }

    /** A problem that a field has without the others is told at the field. */
    private static boolean checkAlone(FieldDeclaration field, Problems problems) {
        try {
            LayoutBuilder alone = Layout.named("alone");
            declare(field, alone);
            alone.build();
            return true;
        } catch (LayoutException e) {
            problems.ofMethod(field.getter(), e.getMessage().replaceFirst("^layout 'alone': ", ""));
            return false;
        }
    }

    private String[] earlierNames() {
        RenamedFrom renamed = type.getAnnotation(RenamedFrom.class);
        return renamed == null ? new String[0] : renamed.value();
    }

    private static void declare(FieldDeclaration field, LayoutBuilder builder) {
        FieldDeclaration.Shape shape = field.shape();
        String name = field.name();
        int count = Math.max(1, shape.count());
        switch (field.type()) {
            case INT8 -> builder.int8Array(name, count);
            case INT16 -> builder.int16Array(name, count);
            case INT32 -> builder.int32Array(name, count);
            case INT64 -> builder.int64Array(name, count);
            case FLOAT32 -> builder.float32Array(name, count);
            case FLOAT64 -> builder.float64Array(name, count);
            case BOOLEAN -> builder.boolArray(name, count);
            case CHAR16 -> builder.char16Array(name, count);
            case UTF8 -> builder.utf8Array(name, shape.lengthBytes(), count);
            case BYTES -> builder.bytes(name, shape.lengthBytes());
            case POINTER -> builder.pointerArray(name, shape.target(), count);
            case RAW_POINTER -> builder.rawPointer(name);
            case STRUCT -> builder.structArray(name, shape.nested().layout(), count);
        }
        if (field.isLocal()) {
            builder.local();
        }
        builder.was(field.earlierNames().toArray(new String[0]));
        field.offset().ifPresent(builder::at);
    }

    /** The expression that builds the layout. */
    CodeBlock code() {
        CodeBlock.Builder code = CodeBlock.builder().add("$T.named($S)", Layout.class, Declarations.layoutName(type)).indent().indent();
        for (FieldDeclaration field : fields) {
            code.add("\n.$L$L($S$L)", method(field), field.isArray() ? "Array" : "", field.name(), arguments(field));
            if (field.isLocal()) {
                code.add(".local()");
            }
            if (!field.earlierNames().isEmpty()) {
                code.add(".was($L)", quoted(field.earlierNames()));
            }
            if (field.offset().isPresent()) {
                code.add(".at($L_OFFSET)", field.constant());
            }
        }
        if (type.getAnnotation(Size.class) != null) {
            code.add("\n.size($L)", type.getAnnotation(Size.class).value());
        }
        if (earlierNames().length > 0) {
            code.add("\n.renamedFrom($L)", quoted(List.of(earlierNames())));
        }
        return code.add("\n.build()").unindent().unindent().build();
    }

    private static String method(FieldDeclaration field) {
        return Scalar.of(field.type()).map(Scalar::declared).orElse(field.type().text());
    }

    private static CodeBlock arguments(FieldDeclaration field) {
        CodeBlock.Builder arguments = CodeBlock.builder();
        switch (field.type()) {
            case UTF8, BYTES -> arguments.add(", $L_LENGTH", field.constant());
            case POINTER -> {
                if (field.isArray() || !field.shape().target().isEmpty()) {
                    arguments.add(", $S", field.shape().target());
                }
            }
            case STRUCT -> {
                ClassName nested = field.shape().nested().flyweight();
                arguments.add(", $T.LAYOUT", nested);
            }
            default -> { }
        }
        return field.isArray() ? arguments.add(", $L_COUNT", field.constant()).build() : arguments.build();
    }

    private static CodeBlock quoted(List<String> names) {
        return names.stream().map(name -> CodeBlock.of("$S", name)).collect(CodeBlock.joining(", "));
    }
}
