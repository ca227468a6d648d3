package io.tha.flyweight.processor;

import com.palantir.javapoet.TypeName;
import io.tha.flyweight.Bytes;
import io.tha.flyweight.Count;
import io.tha.flyweight.Flyweight;
import io.tha.flyweight.Pointer;
import io.tha.flyweight.RawPointer;
import io.tha.flyweight.Text;
import io.tha.flyweight.processor.FieldDeclaration.Shape;
import io.tha.layout.FieldType;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.MirroredTypeException;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Finds out from a method what its field holds. */
final class FieldReader {
    /** Which types of Java the annotations that say more about a value go with. */
    private static final List<Map.Entry<Class<? extends Annotation>, String>> GOES_WITH = List.of(
            Map.entry(Text.class, "String"),
            Map.entry(Pointer.class, "long"),
            Map.entry(RawPointer.class, "long"),
            Map.entry(Bytes.class, "void"));

    private final Declarations declarations;
    private final Problems problems;

    FieldReader(Declarations declarations, Problems problems) {
        this.declarations = declarations;
        this.problems = problems;
    }

    /** The field, or nothing if a problem was reported. */
    Optional<FieldDeclaration> read(ExecutableElement getter) {
        return shape(getter).flatMap(shape -> counted(getter, shape)).map(shape -> new FieldDeclaration(getter, shape));
    }

    private Optional<Shape> shape(ExecutableElement getter) {
        TypeMirror type = getter.getReturnType();
        if (annotationsContradict(getter, type)) {
            return Optional.empty();
        }
        if (isNamed(type, String.class)) {
            return text(getter);
        }
        if (type.getKind() == TypeKind.LONG) {
            return ofLong(getter);
        }
        if (type.getKind().isPrimitive()) {
            return Optional.of(Shape.of(Scalar.of(type.getKind()).type()));
        }
        if (getter.getAnnotation(Bytes.class) != null) {
            return Optional.of(Shape.of(FieldType.BYTES).ofLength(getter.getAnnotation(Bytes.class).value()));
        }
        return structure(getter, type);
    }

    private boolean annotationsContradict(ExecutableElement getter, TypeMirror type) {
        String found = isNamed(type, String.class) ? "String" : TypeName.get(type).toString();
        boolean any = false;
        for (Map.Entry<Class<? extends Annotation>, String> entry : GOES_WITH) {
            if (getter.getAnnotation(entry.getKey()) != null && !entry.getValue().equals(found)) {
                problem(getter, "@" + entry.getKey().getSimpleName() + " goes with methods that return " + entry.getValue()
                        + ", this one returns " + found + "; change the type, or remove the annotation");
                any = true;
            }
        }
        return any;
    }

    private static boolean isNamed(TypeMirror type, Class<?> known) {
        return type instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement element
                && element.getQualifiedName().contentEquals(known.getName());
    }

    private Optional<Shape> text(ExecutableElement getter) {
        Text text = getter.getAnnotation(Text.class);
        if (text == null) {
            return problem(getter, "text needs its greatest length in bytes of UTF-8; add @Text(n)");
        }
        return Optional.of(Shape.of(FieldType.UTF8).ofLength(text.value()));
    }

    private Optional<Shape> ofLong(ExecutableElement getter) {
        Pointer pointer = getter.getAnnotation(Pointer.class);
        boolean raw = getter.getAnnotation(RawPointer.class) != null;
        if (pointer != null && raw) {
            return problem(getter, "it is @Pointer and @RawPointer; decide for one");
        }
        if (pointer != null) {
            return target(getter, pointer).map(Shape.of(FieldType.POINTER)::to);
        }
        return Optional.of(Shape.of(raw ? FieldType.RAW_POINTER : FieldType.INT64));
    }

    private Optional<String> target(ExecutableElement getter, Pointer pointer) {
        TypeMirror byInterface = targetInterface(pointer);
        boolean byName = !pointer.layout().isEmpty();
        if (byName == (byInterface.getKind() != TypeKind.VOID)) {
            return problem(getter, "a pointer needs one target; write @Pointer(Route.class) with a flyweight interface, "
                    + "@Pointer(Object.class) for any object, or @Pointer(layout = \"Route\") for a layout that is no flyweight");
        }
        if (byName) {
            return Optional.of(pointer.layout());
        }
        if (isNamed(byInterface, Object.class)) {
            return Optional.of("");
        }
        if (byInterface instanceof DeclaredType declared && declared.asElement().getAnnotation(Flyweight.class) != null) {
            return Optional.of(Declarations.layoutName((TypeElement) declared.asElement()));
        }
        return problem(getter, "the target " + byInterface + " is no interface with @Flyweight; name one, or a layout by @Pointer(layout = …)");
    }

    private static TypeMirror targetInterface(Pointer pointer) {
        try {
            throw new IllegalStateException(pointer.value() + " is loaded, though this is the compiler");
        } catch (MirroredTypeException inCompiler) {
            return inCompiler.getTypeMirror();
        }
    }

    private Optional<Shape> structure(ExecutableElement getter, TypeMirror type) {
        if (type instanceof DeclaredType declared && declared.asElement().getAnnotation(Flyweight.class) != null) {
            return declarations.nestedIn(getter, (TypeElement) declared.asElement(), problems).map(Shape.of(FieldType.STRUCT)::nesting);
        }
        return problem(getter, "a field cannot hold " + type + "; use a primitive type, String with @Text, long with @Pointer, "
                + "an interface with @Flyweight, or for bytes void " + getter.getSimpleName() + "(int from, byte[] to) with @Bytes");
    }

    /** The shape with the count of an array, and the parameters of the method looked at. */
    private Optional<Shape> counted(ExecutableElement getter, Shape shape) {
        Count count = getter.getAnnotation(Count.class);
        if (count != null && (shape.type() == FieldType.BYTES || shape.type() == FieldType.RAW_POINTER)) {
            return problem(getter, "there are no arrays of " + shape.type().text()
                    + "; nest them in a flyweight interface, and make an array of that");
        }
        if (count != null && count.value() < 1) {
            return problem(getter, "@Count(" + count.value() + "), expected at least 1");
        }
        Shape counted = count == null ? shape : shape.ofCount(count.value());
        Signature expected = Use.GET.signatures(new FieldDeclaration(getter, counted)).get(0);
        if (expected.isThatOf(getter)) {
            return Optional.of(counted);
        }
        return problem(getter, "expected " + expected + ", found " + Signature.of(getter) + "; " + remedy(getter, shape, count != null));
    }

    private static String remedy(ExecutableElement getter, Shape shape, boolean isArray) {
        if (isArray) {
            return "an array needs an index";
        }
        boolean indexed = Use.GET.signatures(new FieldDeclaration(getter, shape.ofCount(1))).get(0).isThatOf(getter);
        return indexed ? "an array needs @Count(n)" : "change its parameters";
    }

    private <T> Optional<T> problem(ExecutableElement getter, String text) {
        problems.ofMethod(getter, text);
        return Optional.empty();
    }
}
