package io.tha.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tha.coordination.DomainCut;
import io.tha.follow.LossStatus;
import io.tha.memory.ObjectMemory;
import org.junit.jupiter.api.Test;

/** The examples need nothing but the packages that a service calls; what they cannot do with those is missing there. */
class ApiUseTest {
    private static final String[] API = {
        "io.tha", "io.tha.layout", "io.tha.transform", "io.tha.pool", "io.tha.active", "io.tha.standby", "io.tha.takeover", "io.tha.tracker",
        "io.tha.examples.."
    };

    /** What a rule's function is given, a part of a standby's status, and where a standby is that is read with others. */
    private static final Class<?>[] GIVEN = {ObjectMemory.class, LossStatus.class, DomainCut.class};

    @Test
    void theExamplesUseTheApiOnly() {
        JavaClasses examples = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.tha.examples");

        noClasses().should().dependOnClassesThat(resideInAPackage("io.tha..").and(not(resideInAnyPackage(API))).and(not(belongToAnyOf(GIVEN))))
                .because("a service calls these packages only")
                .allowEmptyShould(true)
                .check(examples);
    }
}
