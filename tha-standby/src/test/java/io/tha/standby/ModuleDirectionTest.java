package io.tha.standby;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages stand in the order in which data flows, and use only what stands before them. */
class ModuleDirectionTest {
    private static final String EXCEPTIONS = "io.tha";
    private static final String TESTKIT = "io.tha.testkit..";
    private static final List<String> ORDER = Stream.of(
                    "memory", "layout", "flyweight", "transform", "pool", "region", "coordination",
                    "tracker", "capture", "active",
                    "follow", "takeover", "standby")
            .map(name -> "io.tha." + name + "..")
            .toList();

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(EXCEPTIONS);

    @Test
    void thereAreClassesToLookAt() {
        assertFalse(MAIN.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("positions")
    void aPackageUsesNoneThatStandsAfterIt(int position) {
        String[] later = ORDER.subList(position + 1, ORDER.size()).toArray(new String[0]);

        noClasses().that().resideInAPackage(ORDER.get(position))
                .should().dependOnClassesThat().resideInAnyPackage(later)
                .because("the order is " + ORDER)
                .allowEmptyShould(true)
                .check(MAIN);
    }

    static IntStream positions() {
        return IntStream.range(0, ORDER.size() - 1);
    }

    @Test
    void theExceptionsUseNoPackage() {
        noClasses().that().resideInAPackage(EXCEPTIONS)
                .should().dependOnClassesThat().resideInAnyPackage(ORDER.toArray(new String[0]))
                .because("every package uses them")
                .check(MAIN);
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        String[] known = Stream.concat(Stream.of(EXCEPTIONS, TESTKIT), ORDER.stream()).toArray(String[]::new);

        classes().should().resideInAnyPackage(known)
                .because("a new package must be put into the list of this test")
                .check(MAIN);
    }

    @Test
    void theProductAndTheTestkitDoNotKnowEachOther() {
        String[] product = Stream.concat(Stream.of(EXCEPTIONS), ORDER.stream()).toArray(String[]::new);

        noClasses().that().resideInAnyPackage(product).should().dependOnClassesThat().resideInAPackage(TESTKIT).check(MAIN);
        noClasses().that().resideInAPackage(TESTKIT).should().dependOnClassesThat().resideInAnyPackage(product).check(MAIN);
    }
}
