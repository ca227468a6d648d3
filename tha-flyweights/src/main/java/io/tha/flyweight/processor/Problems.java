package io.tha.flyweight.processor;

import javax.annotation.processing.Messager;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/** Reports what is wrong in one interface, each with its element, and knows whether there was anything. */
final class Problems {
    private final Messager messager;
    private final TypeElement type;
    private boolean any;

    Problems(Messager messager, TypeElement type) {
        this.messager = messager;
        this.type = type;
    }

    /** Something about the interface. */
    void ofInterface(String text) {
        report(type, "flyweight '" + type.getSimpleName() + "': " + text);
    }

    /** Something about one of its methods. */
    void ofMethod(Element method, String text) {
        report(method, "flyweight '" + type.getSimpleName() + "', method '" + method.getSimpleName() + "': " + text);
    }

    /** Something that another interface has told already. */
    void toldElsewhere() {
        any = true;
    }

    boolean any() {
        return any;
    }

    private void report(Element element, String text) {
        any = true;
        messager.printMessage(Diagnostic.Kind.ERROR, text, element);
    }
}
