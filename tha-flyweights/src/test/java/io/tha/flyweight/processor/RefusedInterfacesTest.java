package io.tha.flyweight.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no flyweight is an error of the compiler, at the line of the interface or method that is meant. */
class RefusedInterfacesTest {

    /** One error, at the line that ends with {@code // here}. */
    private static void refused(String message, String... sources) {
        List<String> errors = Compiled.of(sources).errors();

        assertEquals(1, errors.size(), String.join("\n", errors));
        long line = sources[0].substring(0, sources[0].indexOf("// here")).lines().count();
        assertEquals(line + ": " + message, errors.get(0));
    }

    @Test
    void aClassIsRefused() {
        refused("flyweight 'A': expected an interface, found kind CLASS; declare the fields as methods of an interface", """
                @Flyweight
                abstract class A { // here
                    @Field(1) abstract long value();
                }
                """);
    }

    @Test
    void anAnnotationIsRefused() {
        refused("flyweight 'A': expected an interface, found kind ANNOTATION_TYPE; declare the fields as methods of an interface", """
                @Flyweight
                @interface A { // here
                    @Field(1) long value();
                }
                """);
    }

    @Test
    void aGenericInterfaceIsRefused() {
        refused("flyweight 'A': it is generic, and a layout has one form; remove T", """
                @Flyweight
                interface A<T> { // here
                    @Field(1) long value();
                }
                """);
    }

    @Test
    void aPrivateInterfaceIsRefused() {
        refused("flyweight 'A': Outer is private, so that no flyweight beside it sees the interface; make it visible in its package at least", """
                class All {
                    private static class Outer {
                        @Flyweight
                        interface A { // here
                            @Field(1) long value();
                        }
                    }
                }
                """);
    }

    @Test
    void aSealedInterfaceIsRefused() {
        refused("flyweight 'A': it is sealed, so that no flyweight may implement it; remove the modifier", """
                @Flyweight
                sealed interface A permits B { // here
                    @Field(1) long value();
                }
                """, """
                non-sealed interface B extends A {
                }
                """);
    }

    @Test
    void inheritedFieldsAreRefused() {
        refused("flyweight 'A': it inherits long value() from B; declare all fields in the interface itself", """
                @Flyweight
                interface A extends B { // here
                    @Field(1) long other();
                }
                """, """
                interface B {
                    long value();
                }
                """);
    }

    @Test
    void anInterfaceWithoutFieldsIsRefused() {
        refused("flyweight 'A': it has no fields; declare one as a method with @Field(1)", """
                @Flyweight
                interface A { // here
                    default long value() {
                        return 1;
                    }
                }
                """);
    }

    @Test
    void anImpossibleNameOfTheLayoutIsRefused() {
        refused("flyweight 'A': layout 'Air port': the layout's name 'Air port' holds white space or one of . [ ] = # '", """
                @Flyweight("Air port")
                interface A { // here
                    @Field(1) long value();
                }
                """);
    }

    @Test
    void aSizeThatDoesNotHoldTheFieldsIsRefused() {
        refused("flyweight 'A': layout 'A': size 8 is declared, expected a multiple of 8 from 16 to 1073741824", """
                @Flyweight
                @Size(8)
                interface A { // here
                    @Field(1) long value();
                    @Field(2) long other();
                }
                """);
    }

    @Test
    void overlappingFieldsAreRefused() {
        refused("flyweight 'A': layout 'A': field 'other' at 0 overlaps field 'value', which ends at 8", """
                @Flyweight
                interface A { // here
                    @Field(1) long value();
                    @Field(2) @At(0) long other();
                }
                """);
    }

    @Test
    void anEarlierNameOfTwoFieldsIsRefused() {
        refused("flyweight 'A': layout 'A': field 'other': the earlier name 'old' is its own, or declared twice", """
                @Flyweight
                interface A { // here
                    @Field(1) @Was("old") long value();
                    @Field(2) @Was("old") long other();
                }
                """);
    }

    @Test
    void aCycleOfNestedStructuresIsShown() {
        List<String> errors = Compiled.of("""
                @Flyweight
                interface A {
                    @Field(1) B b();
                }
                """, """
                @Flyweight
                interface B {
                    @Field(1) A a();
                }
                """).errors();

        assertEquals(List.of("3: flyweight 'B', method 'a': nested structures form a cycle: A > B > A; use a pointer instead"), errors);
    }

    @Test
    void aStructureInItselfIsACycle() {
        refused("flyweight 'A', method 'a': nested structures form a cycle: A > A; use a pointer instead", """
                @Flyweight
                interface A {
                    @Field(1) A a(); // here
                }
                """);
    }

    @Test
    void structuresThatAreNestedTooDeeplyAreRefused() {
        String[] sources = new String[18];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = "@Flyweight interface S" + i + " {\n    @Field(1) " + (i == 17 ? "long" : "S" + (i + 1)) + " next();\n}\n";
        }

        List<String> errors = Compiled.of(sources).errors();

        assertEquals(List.of("2: flyweight 'S1', method 'next': field 'next': structures are nested 17 deep, the limit is 16"), errors);
    }

    @Test
    void twoStructuresOfOneNameAreRefused() {
        List<String> errors = Compiled.of("""
                @Flyweight
                interface A {
                    @Field(1) B b();
                    @Field(2) C c();
                }
                """, "@Flyweight(\"Same\") interface B { @Field(1) long value(); }", "@Flyweight(\"Same\") interface C { @Field(1) int value(); }")
                .errors();

        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).startsWith("2: flyweight 'A': ") && errors.get(0).contains("two different layouts named 'Same'"), errors.get(0));
    }

    @Test
    void theProblemOfANestedInterfaceIsToldOnce() {
        refused("flyweight 'B', method 'name': text needs its greatest length in bytes of UTF-8; add @Text(n)", """
                @Flyweight
                interface B {
                    @Field(1) String name(); // here
                }
                """, """
                @Flyweight
                interface A {
                    @Field(1) B b();
                }
                """);
    }

    @Test
    void whatTheCompilerDoesNotKnowIsItsErrorAndNoFailureOfTheProcessor() {
        String[] unknown = {
            "Unknown value();", "@Pointer(Unknown.class) long value();", "@Text(UNKNOWN) String value();", "@Was(Unknown.NAME) long value();"
        };
        for (String method : unknown) {
            List<String> errors = Compiled.of("@Flyweight interface A {\n    @Field(1) " + method + "\n}\n").errors();

            assertEquals(2, errors.size(), String.join("\n", errors));
            assertTrue(errors.stream().anyMatch(error -> error.startsWith("2: cannot find symbol")), String.join("\n", errors));
            assertTrue(errors.stream().anyMatch(error -> error.contains("flyweight 'A'")), String.join("\n", errors));
        }
    }

    @Test
    void everyProblemIsToldAtOnce() {
        List<String> errors = Compiled.of("""
                @Flyweight
                interface A {
                    @Field(1) String text();
                    @Field(2) Object object();
                    @Field(2) long number();
                    void strange();
                }
                """).errors();

        assertEquals(4, errors.size(), String.join("\n", errors));
    }
}
