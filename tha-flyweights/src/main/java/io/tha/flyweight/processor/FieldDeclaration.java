package io.tha.flyweight.processor;

import io.tha.flyweight.At;
import io.tha.flyweight.Field;
import io.tha.flyweight.Local;
import io.tha.flyweight.Was;
import io.tha.layout.FieldType;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import javax.lang.model.element.ExecutableElement;

/**
 * A field as an interface declares it.
 *
 * @param getter the method with {@link Field}
 * @param shape of its values
 */
record FieldDeclaration(ExecutableElement getter, Shape shape) {

    /**
     * What the values of a field are.
     *
     * @param type of one value
     * @param lengthBytes of one value, where the type does not tell; otherwise 0
     * @param count of an array, 0 for a single value
     * @param target layout of a pointer, empty for any
     * @param nested the interface of a structure, otherwise null
     */
    record Shape(FieldType type, int lengthBytes, int count, String target, Declaration nested) {
        static Shape of(FieldType type) {
            return new Shape(type, 0, 0, "", null);
        }

        Shape ofLength(int newLengthBytes) {
            return new Shape(type, newLengthBytes, count, target, nested);
        }

        Shape ofCount(int newCount) {
            return new Shape(type, lengthBytes, newCount, target, nested);
        }

        Shape to(String newTarget) {
            return new Shape(type, lengthBytes, count, newTarget, nested);
        }

        Shape nesting(Declaration structure) {
            return new Shape(type, lengthBytes, count, target, structure);
        }
    }

    String name() {
        return getter.getSimpleName().toString();
    }

    int number() {
        return getter.getAnnotation(Field.class).value();
    }

    boolean isArray() {
        return shape.count() > 0;
    }

    FieldType type() {
        return shape.type();
    }

    boolean isLocal() {
        return getter.getAnnotation(Local.class) != null;
    }

    List<String> earlierNames() {
        Was was = getter.getAnnotation(Was.class);
        return was == null ? List.of() : List.of(was.value());
    }

    /** The offset that it declares, if it does. */
    OptionalInt offset() {
        At at = getter.getAnnotation(At.class);
        return at == null ? OptionalInt.empty() : OptionalInt.of(at.value());
    }

    /** How the constants of the field begin: {@code delayMinutes} gives {@code DELAY_MINUTES}. */
    String constant() {
        return name().replaceAll("(?<=[\\p{Ll}\\p{Nd}])(?=\\p{Lu})", "_").toUpperCase(Locale.ROOT);
    }
}
