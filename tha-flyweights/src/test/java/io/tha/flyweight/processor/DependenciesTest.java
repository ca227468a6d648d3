package io.tha.flyweight.processor;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The processor stays in the compiler. */
class DependenciesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("io.tha.flyweight", "io.tha.layout", "io.tha.memory");

    @Test
    void generatedClassesNeedTheEngineOnly() {
        assertTrue(CLASSES.contain("io.tha.flyweight.EveryKindFlyweight"));

        classes().that().haveSimpleNameEndingWith("Flyweight").and().resideInAPackage("io.tha.flyweight")
                .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "io.tha", "io.tha.flyweight", "io.tha.layout", "io.tha.memory"))
                .check(CLASSES);
    }

    @Test
    void theEngineDoesNotKnowTheProcessor() {
        noClasses().that().resideInAnyPackage("io.tha.flyweight", "io.tha.layout", "io.tha.memory")
                .should().dependOnClassesThat().resideInAPackage("io.tha.flyweight.processor")
                .check(CLASSES);
    }
}
