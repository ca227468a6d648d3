package io.tha.flyweight.processor;

import io.tha.flyweight.At;
import io.tha.flyweight.Bytes;
import io.tha.flyweight.Count;
import io.tha.flyweight.Field;
import io.tha.flyweight.Local;
import io.tha.flyweight.ObjectFlyweight;
import io.tha.flyweight.Pointer;
import io.tha.flyweight.RawPointer;
import io.tha.flyweight.Text;
import io.tha.flyweight.Was;
import io.tha.flyweight.processor.Declaration.Access;
import io.tha.layout.Layout;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/** Reads one interface and reports everything that is wrong with it. */
final class InterfaceReader {
    private static final List<Class<? extends Annotation>> OF_FIELDS =
            List.of(Text.class, Bytes.class, Count.class, Pointer.class, RawPointer.class, Local.class, Was.class, At.class);

    private final ProcessingEnvironment environment;
    private final Declarations declarations;

    InterfaceReader(ProcessingEnvironment environment, Declarations declarations) {
        this.environment = environment;
        this.declarations = declarations;
    }

    /** What it declares, or nothing if there was a problem. */
    Optional<Declaration> read(TypeElement type) {
        Problems problems = new Problems(environment.getMessager(), type);
        checkType(type, problems);
        if (problems.any()) {
            return Optional.empty();
        }
        List<ExecutableElement> methods = abstractMethods(type, problems);
        List<FieldDeclaration> fields = fields(methods, problems);
        List<Access> accesses = accesses(methods, fields, problems);
        checkNames(fields, problems);
        checkReserved(methods, problems);
        Optional<Layout> layout = new LayoutCode(type, fields).layout(problems);
        if (problems.any() || layout.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Declaration(type, Declarations.flyweightOf(type), layout.get(), fields, accesses));
    }

    private static void checkType(TypeElement type, Problems problems) {
        if (type.getKind() != ElementKind.INTERFACE) {
            problems.ofInterface("expected an interface, found kind " + type.getKind() + "; declare the fields as methods of an interface");
        }
        if (!type.getTypeParameters().isEmpty()) {
            problems.ofInterface("it is generic, and a layout has one form; remove " + type.getTypeParameters());
        }
        if (type.getModifiers().contains(Modifier.SEALED)) {
            problems.ofInterface("it is sealed, so that no flyweight may implement it; remove the modifier");
        }
        for (Element element = type; element instanceof TypeElement; element = element.getEnclosingElement()) {
            if (element.getModifiers().contains(Modifier.PRIVATE)) {
                problems.ofInterface(element.getSimpleName() + " is private, so that no flyweight beside it sees the interface; "
                        + "make it visible in its package at least");
            }
        }
    }

    private List<ExecutableElement> abstractMethods(TypeElement type, Problems problems) {
        List<ExecutableElement> own = new ArrayList<>();
        for (ExecutableElement method : ElementFilter.methodsIn(environment.getElementUtils().getAllMembers(type))) {
            boolean isOwn = method.getEnclosingElement().equals(type);
            if (isOwn && method.getModifiers().contains(Modifier.ABSTRACT)) {
                own.add(method);
            } else if (!isOwn && method.getModifiers().contains(Modifier.ABSTRACT)) {
                problems.ofInterface("it inherits " + Signature.of(method) + " from " + method.getEnclosingElement()
                        + "; declare all fields in the interface itself");
            } else if (isOwn && method.getAnnotation(Field.class) != null) {
                problems.ofMethod(method, "@Field is on a method with a body; remove the body, or the annotation");
            }
        }
        return own;
    }

    private List<FieldDeclaration> fields(List<ExecutableElement> methods, Problems problems) {
        FieldReader reader = new FieldReader(declarations, problems);
        List<FieldDeclaration> fields = new ArrayList<>();
        Map<Integer, ExecutableElement> numbers = new HashMap<>();
        for (ExecutableElement method : methods) {
            Field annotation = method.getAnnotation(Field.class);
            if (annotation != null) {
                ExecutableElement other = numbers.putIfAbsent(annotation.value(), method);
                if (annotation.value() < 1 || other != null) {
                    problems.ofMethod(method, "@Field(" + annotation.value() + ")"
                            + (other == null ? "" : ", which '" + other.getSimpleName() + "' has") + "; numbers are unique, from 1 on");
                }
                reader.read(method).ifPresent(fields::add);
            }
        }
        if (numbers.isEmpty()) {
            problems.ofInterface("it has no fields; declare one as a method with @Field(1)");
        }
        fields.sort(Comparator.comparingInt(FieldDeclaration::number));
        return fields;
    }

    private static List<Access> accesses(List<ExecutableElement> methods, List<FieldDeclaration> fields, Problems problems) {
        List<Access> accesses = new ArrayList<>();
        for (ExecutableElement method : methods) {
            if (method.getAnnotation(Field.class) == null) {
                new AccessReader(fields, problems).read(method).ifPresent(accesses::add);
                for (Class<? extends Annotation> ofFields : OF_FIELDS) {
                    if (method.getAnnotation(ofFields) != null) {
                        problems.ofMethod(method, "@" + ofFields.getSimpleName() + " belongs to the method with @Field; move it there");
                    }
                }
            }
        }
        for (FieldDeclaration field : fields) {
            accesses.add(new Access(field.getter(), Use.GET, field, Use.GET.signatures(field).get(0)));
        }
        accesses.sort(Comparator.comparingInt((Access access) -> access.field().number()).thenComparing(Access::use));
        return accesses;
    }

    private static void checkNames(List<FieldDeclaration> fields, Problems problems) {
        Map<String, FieldDeclaration> constants = new HashMap<>();
        for (FieldDeclaration field : fields) {
            FieldDeclaration other = constants.putIfAbsent(field.constant(), field);
            if (other != null) {
                problems.ofMethod(field.getter(), "the fields with the numbers " + other.number() + " and " + field.number() + " are named '"
                        + other.name() + "' and '" + field.name() + "', too much alike; rename one, and give its old name by @Was if there is data");
            }
        }
    }

    /** The generated class inherits methods that no field may replace. */
    private void checkReserved(List<ExecutableElement> methods, Problems problems) {
        TypeElement base = environment.getElementUtils().getTypeElement(ObjectFlyweight.class.getName());
        for (ExecutableElement inherited : ElementFilter.methodsIn(environment.getElementUtils().getAllMembers(base))) {
            for (ExecutableElement method : methods) {
                if (Signature.of(method).isReplacedBy(inherited)) {
                    problems.ofMethod(method, "every flyweight has a method with this name and these parameters; "
                            + "choose another name, and give the old one by @Was if there is data");
                }
            }
        }
    }
}
