package io.tha.flyweight.processor;

import io.tha.flyweight.processor.Declaration.Access;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;

/** Finds out what a method without a field of its own does, and with which field. */
final class AccessReader {
    private static final List<Use> USES = List.of(Use.SET, Use.ADD, Use.EQUALS);

    private final List<FieldDeclaration> fields;
    private final Problems problems;

    AccessReader(List<FieldDeclaration> fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /** The method's use, or nothing if a problem was reported. */
    Optional<Access> read(ExecutableElement method) {
        Optional<Access> access = find(method);
        if (access.isEmpty()) {
            String name = method.getSimpleName().toString();
            List<Signature> near = fields.stream()
                    .flatMap(field -> USES.stream().filter(use -> use.nameFor(field.name()).equals(name)).flatMap(use -> use.signatures(field).stream()))
                    .toList();
            problems.ofMethod(method, near.isEmpty() ? strange(name) : "expected " + near.get(0) + ", found " + Signature.of(method) + "; correct it");
        }
        return access;
    }

    private Optional<Access> find(ExecutableElement method) {
        for (FieldDeclaration field : fields) {
            for (Use use : USES) {
                for (Signature signature : use.signatures(field)) {
                    if (signature.isThatOf(method)) {
                        return Optional.of(new Access(method, use, field, signature));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private String strange(String name) {
        for (FieldDeclaration field : fields) {
            for (Use use : USES) {
                if (use.nameFor(field.name()).equals(name)) {
                    return "the field '" + field.name() + "' of type " + field.type().text() + " has no such method; remove it";
                }
            }
        }
        return "it is no field, and belongs to none; make it one with @Field(" + (1 + fields.stream().mapToInt(FieldDeclaration::number).max().orElse(0))
                + "), name it after a field (value, addValue, valueEquals), or give it a body; fields are "
                + fields.stream().map(FieldDeclaration::name).collect(Collectors.joining(", "));
    }
}
