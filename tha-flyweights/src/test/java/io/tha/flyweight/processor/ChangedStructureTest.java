package io.tha.flyweight.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.LayoutMismatchException;
import io.tha.testkit.DomainDirectory;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Flyweights that nest structures of other modules, which are compiled at other times. */
class ChangedStructureTest {
    private static final String OUTER = """
            package outer;
            @io.tha.flyweight.Flyweight
            public interface Outer {
                @io.tha.flyweight.Field(1) inner.Inner inner();
                @io.tha.flyweight.Field(2) long after();
            }
            """;
    private static final String INNER = """
            package inner;
            @io.tha.flyweight.Flyweight
            public interface Inner {
                @io.tha.flyweight.Field(7) int second();
                @io.tha.flyweight.Field(5) long first();
            }
            """;
    private static final String LARGER_INNER = INNER.replace("int second();", "int second(); @io.tha.flyweight.Field(8) long third();");

    @AutoClose
    private final DomainDirectory classPath = DomainDirectory.create();

    /** Sees these classes, and those of the tests. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(ChangedStructureTest.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private static Object layout(Map<String, byte[]> classes) throws ReflectiveOperationException {
        return Class.forName("outer.OuterFlyweight", true, new Loader(classes)).getField("LAYOUT").get(null);
    }

    @Test
    void aStructureOfAnotherModuleIsReadFromItsClasses() throws IOException, ReflectiveOperationException {
        Map<String, byte[]> inner = Compiled.of(INNER).classes();
        Compiled.write(inner, classPath.path());

        Map<String, byte[]> both = new HashMap<>(inner);
        both.putAll(Compiled.with(classPath.path(), OUTER).classes());

        assertEquals("""
                layout Inner size=16 alignment=8
                  field first type=int64 offset=0 length=8 count=1
                  field second type=int32 offset=8 length=4 count=1
                layout Outer size=24 alignment=8
                  field inner type=struct offset=0 length=16 count=1 layout=Inner
                  field after type=int64 offset=16 length=8 count=1
                """, layout(both).toString());
    }

    @Test
    void aStructureThatHasChangedSinceIsNoticedBeforeAnythingIsReadWrongly() throws IOException {
        Map<String, byte[]> mixed = new HashMap<>(Compiled.of(INNER, OUTER).classes());
        Map<String, byte[]> larger = Compiled.of(LARGER_INNER).classes();
        assertNotNull(larger.get("inner.InnerFlyweight"));
        mixed.putAll(larger);

        ExceptionInInitializerError refused = assertThrows(ExceptionInInitializerError.class, () -> layout(mixed));

        assertTrue(refused.getCause() instanceof LayoutMismatchException, () -> "cause " + refused.getCause());
        assertEquals("layout 'Outer', field 'inner': its flyweight was compiled for offset 0 and values of 16 bytes, "
                + "here it has offset 0 and values of 24 bytes; a nested structure or the engine has changed since: compile the flyweight anew",
                refused.getCause().getMessage());
    }

    @Test
    void aStructureWithoutItsFlyweightIsRefusedByTheCompiler() throws IOException {
        Map<String, byte[]> inner = new HashMap<>(Compiled.of(INNER).classes());
        assertNotNull(inner.remove("inner.InnerFlyweight"));
        Compiled.write(inner, classPath.path());

        List<String> errors = Compiled.with(classPath.path(), OUTER).errors();

        assertEquals(List.of("3: flyweight 'Outer', method 'inner': there is no class inner.InnerFlyweight; "
                + "compile inner.Inner with this processor too"), errors);
    }
}
