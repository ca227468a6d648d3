package io.tha.flyweight.processor;

import com.palantir.javapoet.ClassName;
import io.tha.layout.Layout;
import java.util.List;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/**
 * An interface that was found to be right.
 *
 * @param type the interface
 * @param flyweight the class that is made from it
 * @param layout that it declares
 * @param fields in the order of their numbers
 * @param accesses by field, then by use
 */
record Declaration(TypeElement type, ClassName flyweight, Layout layout, List<FieldDeclaration> fields, List<Access> accesses) {

    /**
     * A method of the interface.
     *
     * @param method that declares it
     * @param use what it does
     * @param field of which
     * @param signature its name, types and parameters
     */
    record Access(ExecutableElement method, Use use, FieldDeclaration field, Signature signature) {}
}
