package io.tha.flyweight.processor;

import io.tha.flyweight.Flyweight;
import java.io.IOException;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Generated;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * The annotation processor: makes a class of each interface with {@link Flyweight}, and reports what cannot be made.
 *
 * <p>Threads: the compiler's.
 */
public final class FlyweightProcessor extends AbstractProcessor {
    private Declarations declarations;

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of(Flyweight.class.getName());
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        declarations = new Declarations(environment);
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        Set<TypeElement> types = ElementFilter.typesIn(round.getElementsAnnotatedWith(Flyweight.class));
        declarations.expect(types);
        types.forEach(type -> declarations.of(type).ifPresent(this::write));
        return false;
    }

    private void write(Declaration declaration) {
        Elements elements = processingEnv.getElementUtils();
        boolean saysGenerated = elements.getTypeElement(elements.getModuleOf(declaration.type()), Generated.class.getName()) != null;
        try {
            new FlyweightCode(declaration).file(saysGenerated).writeTo(processingEnv.getFiler());
        } catch (IOException e) {
            new Problems(processingEnv.getMessager(), declaration.type())
                    .ofInterface("class " + declaration.flyweight() + " cannot be written: " + e.getMessage() + "; rename what has the name already");
        }
    }
}
