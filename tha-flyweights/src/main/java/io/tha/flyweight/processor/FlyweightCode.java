package io.tha.flyweight.processor;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.tha.flyweight.ObjectFlyweight;
import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.layout.Utf8Text;
import io.tha.memory.ObjectMemory;
import javax.annotation.processing.Generated;
import javax.lang.model.element.Modifier;

/** The source of a flyweight: constants, the layout, the check that they agree, then the methods in the order of fields. */
final class FlyweightCode {
    private static final String INDENT = "    ";
    private static final String OUTERMOST = "outermost";

    private final Declaration declaration;
    private final TypeSpec.Builder code;

    FlyweightCode(Declaration declaration) {
        this.declaration = declaration;
        code = TypeSpec.classBuilder(declaration.flyweight());
    }

    /**
     * The whole file.
     *
     * @param saysGenerated whether the interface's module knows the annotation that says so
     */
    JavaFile file(boolean saysGenerated) {
        ClassName shown = ClassName.get(declaration.type());
        code.addJavadoc("Shows an object as {@link $T} declares it.\n", shown)
                .superclass(ObjectFlyweight.class)
                .addSuperinterface(shown)
                .addOriginatingElement(declaration.type());
        if (Declarations.isPublic(declaration.type())) {
            code.addModifiers(Modifier.PUBLIC);
        }
        if (saysGenerated) {
            code.addAnnotation(AnnotationSpec.builder(Generated.class).addMember("value", "$S", FlyweightProcessor.class.getName()).build());
        }
        declaration.fields().forEach(this::addConstants);
        addLayout();
        declaration.fields().forEach(this::addViews);
        addConstructors();
        addWrap();
        declaration.accesses().forEach(access -> code.addMethod(new AccessCode(access).method()));
        addNested();
        return JavaFile.builder(declaration.flyweight().packageName(), code.build()).indent(INDENT).skipJavaLangImports(true).build();
    }

    private void addConstants(FieldDeclaration field) {
        DeclaredField placed = declaration.layout().fields().get(declaration.fields().indexOf(field));
        addConstant(field.constant() + "_OFFSET", placed.offset());
        if (Scalar.of(field.type()).isEmpty()) {
            addConstant(field.constant() + "_LENGTH", placed.length());
        }
        if (field.isArray()) {
            addConstant(field.constant() + "_COUNT", placed.count());
        }
    }

    private void addConstant(String name, int value) {
        code.addField(constant(TypeName.INT, name, Modifier.PRIVATE).initializer("$L", value).build());
    }

    private static FieldSpec.Builder constant(TypeName type, String name, Modifier visibility) {
        return FieldSpec.builder(type, name, visibility, Modifier.STATIC, Modifier.FINAL);
    }

    private void addLayout() {
        code.addField(constant(ClassName.get(Layout.class), "LAYOUT", Modifier.PUBLIC)
                .addJavadoc("To be registered.\n")
                .initializer(new LayoutCode(declaration.type(), declaration.fields()).code())
                .build());
        CodeBlock.Builder checks = CodeBlock.builder()
                .add("// What is a constant here may be another number in another version of a nested structure.\n");
        for (FieldDeclaration field : declaration.fields()) {
            checks.addStatement("requirePlace(LAYOUT, $S, $L_OFFSET, $L)", field.name(), field.constant(), AccessCode.length(field));
        }
        code.addStaticBlock(checks.build());
    }

    /** What shows texts and nested structures. */
    private void addViews(FieldDeclaration field) {
        if (field.type() == FieldType.UTF8) {
            code.addField(constant(ClassName.get(Utf8Text.class), field.constant() + "_TEXT", Modifier.PRIVATE)
                    .initializer("new $T($S, $L_LENGTH)", Utf8Text.class,
                            "layout '" + declaration.layout().name() + "', field '" + field.name() + "'", field.constant())
                    .build());
        }
        if (field.type() == FieldType.STRUCT) {
            code.addOriginatingElement(field.shape().nested().type());
            code.addField(FieldSpec.builder(nested(field.shape().nested()), field.name() + "Flyweight", Modifier.PRIVATE, Modifier.FINAL).build());
        }
    }

    private void addConstructors() {
        code.addMethod(MethodSpec.constructorBuilder()
                .addJavadoc("Shows nothing yet.\n")
                .addModifiers(Modifier.PUBLIC)
                .addStatement("this(LAYOUT)")
                .build());
        MethodSpec.Builder within = MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(Layout.class, OUTERMOST)
                .addStatement("super(LAYOUT, $L)", OUTERMOST);
        for (FieldDeclaration field : declaration.fields()) {
            if (field.type() == FieldType.STRUCT) {
                within.addStatement("$LFlyweight = new $T($L)", field.name(), nested(field.shape().nested()), OUTERMOST);
            }
        }
        code.addMethod(within.build());
    }

    private void addWrap() {
        code.addMethod(MethodSpec.methodBuilder("wrap")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(declaration.flyweight())
                .addParameter(ObjectMemory.class, "inMemory")
                .addParameter(TypeName.LONG, "ofHandle")
                .addStatement("show(inMemory, ofHandle)")
                .addStatement("return this")
                .build());
    }

    /** What is not nested has no place within its object to add at each access. */
    private void addNested() {
        code.addType(TypeSpec.classBuilder(nested(declaration))
                .addJavadoc("Shows a structure in an object of a layout that nests this one.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .superclass(declaration.flyweight())
                .addMethod(MethodSpec.constructorBuilder()
                        .addJavadoc("Shows nothing yet.\n\n@param $L layout of the objects\n", OUTERMOST)
                        .addModifiers(Modifier.PUBLIC)
                        .addParameter(Layout.class, OUTERMOST)
                        .addStatement("super($L)", OUTERMOST)
                        .build())
                .addMethod(place("readAt", "return readNestedAt(offset)"))
                .addMethod(place("writeAt", "return writeNestedAt(offset)"))
                .build());
    }

    private static MethodSpec place(String name, String statement) {
        return MethodSpec.methodBuilder(name)
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .returns(TypeName.LONG)
                .addParameter(TypeName.INT, "offset")
                .addStatement(statement)
                .build();
    }

    /** A name that no interface or flyweight has: in the class it would hide theirs. */
    private static ClassName nested(Declaration nested) {
        return nested.flyweight().nestedClass(nested.flyweight().simpleName() + "Nested");
    }
}
