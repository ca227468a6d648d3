package io.tha.torture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rig uses what a service calls, and signals, crash points and protections of the engine: it sees what a service sees. */
class ApiUseTest {
    private static final String[] API = {
        "io.tha", "io.tha.layout", "io.tha.pool", "io.tha.active", "io.tha.standby", "io.tha.takeover", "io.tha.memory",
        "io.tha.coordination", "io.tha.testkit", "io.tha.torture.."
    };

    @Test
    void theRigUsesTheApiCrashPointsAndProtectionsOnly() {
        JavaClasses rig = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.tha.torture");

        noClasses().should().dependOnClassesThat(resideInAPackage("io.tha..").and(not(resideInAnyPackage(API))))
                .because("what it finds must be what a service finds")
                .allowEmptyShould(true)
                .check(rig);
    }
}
