package io.tha.flyweight.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The source of a flyweight, word for word. */
class GeneratedSourceTest {

    @Test
    void theInterfacesOfTheDocumentationBecomeReadableClasses() throws IOException {
        String documentation = Files.readString(Path.of("../docs/flyweights.md"));
        String[] interfaces = documentation.split("```java\n", -1)[1].split("```", -1)[0].split("(?<=\n}\n)\n*");
        String header = "package flights;\n\nimport io.tha.flyweight.*;\n\n";

        Compiled compiled = Compiled.of(header + interfaces[0], header + interfaces[1]);

        assertEquals(expected("AirportFlyweight"), compiled.generated("AirportFlyweight"));
        assertEquals(expected("PositionFlyweight"), compiled.generated("PositionFlyweight"));
    }

    @Test
    void aMemberInterfaceIsNamedAfterItsOwnersToo() throws IOException {
        Compiled compiled = Compiled.of("""
                public class Outer {
                    static class Middle {
                        @Flyweight
                        public interface Inner {
                            @Field(1) long value();
                        }
                    }
                }
                """);

        String source = compiled.generated("Outer_Middle_InnerFlyweight");

        // Its interface is public, and what it is a member of is not.
        assertEquals("class Outer_Middle_InnerFlyweight extends ObjectFlyweight implements Outer.Middle.Inner {",
                source.lines().filter(line -> line.contains("class ")).findFirst().orElse(""));
        assertEquals(0, compiled.errors().size(), () -> String.join("\n", compiled.errors()));
    }

    @Test
    void anInterfaceMayHaveTheNameOfTheClassForStructures() {
        Compiled compiled = Compiled.of("""
                @Flyweight
                interface Nested {
                    @Field(1) long value();
                }
                """, """
                @Flyweight
                interface Outer {
                    @Field(1) Nested inner();
                }
                """);

        assertEquals(0, compiled.errors().size(), () -> String.join("\n", compiled.errors()));
    }

    private static String expected(String name) throws IOException {
        try (InputStream file = GeneratedSourceTest.class.getResourceAsStream(name + ".java")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
