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
            Optional<Signature> near = fields.stream()
                    .flatMap(field -> USES.stream().flatMap(use -> use.signatures(field).stream()))
                    .filter(signature -> signature.name().equals(name))
                    .findFirst();
            problems.ofMethod(method, near
                    .map(expected -> "expected " + expected + ", found " + Signature.of(method) + "; correct it")
                    .orElseGet(() -> strange(name)));
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
        int next = 1 + fields.stream().mapToInt(FieldDeclaration::number).max().orElse(0);
        return "it is no field, and belongs to none; make it one with @Field(" + next + "), name it after a field (value, addValue, "
                + "valueEquals), or give it a body; fields are "
                + fields.stream().map(FieldDeclaration::name).collect(Collectors.joining(", "));
    }
}
