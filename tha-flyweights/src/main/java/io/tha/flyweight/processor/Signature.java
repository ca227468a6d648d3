package io.tha.flyweight.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;

/** What a method looks like. */
record Signature(TypeName returns, String name, List<ParameterSpec> parameters) {

    /** Of a method that exists. */
    static Signature of(ExecutableElement method) {
        List<ParameterSpec> parameters = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            parameters.add(ParameterSpec.builder(TypeName.get(parameter.asType()), parameter.getSimpleName().toString()).build());
        }
        return new Signature(TypeName.get(method.getReturnType()), method.getSimpleName().toString(), parameters);
    }

    /** Whether only the names of parameters differ. */
    boolean isThatOf(ExecutableElement method) {
        return method.getTypeParameters().isEmpty() && returns.equals(TypeName.get(method.getReturnType())) && isReplacedBy(method);
    }

    /** Whether a class that has both has one of them only: name and types of parameters are the same. */
    boolean isReplacedBy(ExecutableElement method) {
        Signature other = of(method);
        return name.equals(other.name) && types().equals(other.types());
    }

    private List<TypeName> types() {
        return parameters.stream().map(ParameterSpec::type).toList();
    }

    /** As in a source, with simple names of classes. */
    @Override
    public String toString() {
        return simple(returns) + " " + name
                + parameters.stream().map(parameter -> simple(parameter.type()) + " " + parameter.name()).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String simple(TypeName type) {
        return type instanceof ClassName named ? named.simpleName() : type.toString();
    }
}
