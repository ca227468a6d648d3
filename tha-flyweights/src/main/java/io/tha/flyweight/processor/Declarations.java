package io.tha.flyweight.processor;

import com.palantir.javapoet.ClassName;
import io.tha.flyweight.Flyweight;
import java.lang.annotation.AnnotationTypeMismatchException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/** All interfaces that were read so far, each once, nested ones first. */
final class Declarations {
    private final ProcessingEnvironment environment;
    private final Map<String, Optional<Declaration>> read = new HashMap<>();
    private final List<TypeElement> underWay = new ArrayList<>();
    private final Set<String> expected = new HashSet<>();

    Declarations(ProcessingEnvironment environment) {
        this.environment = environment;
    }

    /** Interfaces whose flyweights will be written by this run of the compiler. */
    void expect(Set<TypeElement> types) {
        types.forEach(type -> expected.add(type.getQualifiedName().toString()));
    }

    /** What an interface declares, or nothing if problems were reported, now or before. */
    Optional<Declaration> of(TypeElement type) {
        String name = type.getQualifiedName().toString();
        Optional<Declaration> known = read.get(name);
        if (known == null) {
            underWay.add(type);
            known = read(type);
            underWay.remove(underWay.size() - 1);
            read.put(name, known);
        }
        return known;
    }

    private Optional<Declaration> read(TypeElement type) {
        try {
            return new InterfaceReader(environment, this).read(type);
        } catch (AnnotationTypeMismatchException e) {
            // A constant that does not exist; the compiler tells which, after the processors have run.
            new Problems(environment.getMessager(), type).ofInterface("the value of an annotation is unknown; "
                    + "correct what the compiler reports about it");
            return Optional.empty();
        }
    }

    /** What the interface of a nested structure declares, or nothing if there are problems with it. */
    Optional<Declaration> nestedIn(ExecutableElement getter, TypeElement nested, Problems problems) {
        int place = underWay.indexOf(nested);
        if (place >= 0) {
            String path = underWay.subList(place, underWay.size()).stream()
                    .map(type -> type.getSimpleName() + " > ")
                    .collect(Collectors.joining());
            problems.ofMethod(getter, "nested structures form a cycle: " + path + nested.getSimpleName() + "; use a pointer instead");
            return Optional.empty();
        }
        String flyweight = flyweightOf(nested).canonicalName();
        if (!expected.contains(nested.getQualifiedName().toString()) && environment.getElementUtils().getTypeElement(flyweight) == null) {
            problems.ofMethod(getter, "there is no class " + flyweight + "; compile " + nested + " with this processor too");
            return Optional.empty();
        }
        Optional<Declaration> declaration = of(nested);
        if (declaration.isEmpty()) {
            problems.toldElsewhere();
        }
        return declaration;
    }

    /** The name of the layout that an interface declares. */
    static String layoutName(TypeElement type) {
        String declared = type.getAnnotation(Flyweight.class).value();
        return declared.isEmpty() ? type.getSimpleName().toString() : declared;
    }

    /** The class that is made from an interface. */
    static ClassName flyweightOf(TypeElement type) {
        ClassName name = ClassName.get(type);
        return ClassName.get(name.packageName(), String.join("_", name.simpleNames()) + "Flyweight");
    }

    /** Whether everybody sees an interface. */
    static boolean isPublic(TypeElement type) {
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (!element.getModifiers().contains(Modifier.PUBLIC)) {
                return false;
            }
        }
        return true;
    }
}
