package io.tha.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The declaration of a layout, field by field. Nothing is checked before {@link #build}, which reports every problem at once.
 *
 * <p>Threads: one.
 */
public final class LayoutBuilder {
    /** Keeps the path of a field short enough to print, and the element walk's recursion shallow. */
    public static final int MAX_FIELDS = 4_096;

    /** One object fills at most this many bytes, so that offsets in it are positive ints and its page run stays findable. */
    public static final int MAX_SIZE = 1 << 30;

    private static final int NATURAL = -1;

    private final String name;
    private final List<Declaration> declarations = new ArrayList<>();
    private int declaredSize = NATURAL;
    private List<String> earlierNames = List.of();

    LayoutBuilder(String name) {
        this.name = name;
    }

    /** A field as it was declared; nested layouts may still be a mere name. */
    static final class Declaration {
        final String name;
        final FieldType type;
        final int length;
        final int count;
        String target = "";
        Layout nested;
        int offset = NATURAL;
        boolean local;
        List<String> earlierNames = List.of();

        Declaration(String name, FieldType type, int length, int count) {
            this.name = name;
            this.type = type;
            this.length = length;
            this.count = count;
        }
    }

    public LayoutBuilder int8(String field) {
        return int8Array(field, 1);
    }

    public LayoutBuilder int16(String field) {
        return int16Array(field, 1);
    }

    public LayoutBuilder int32(String field) {
        return int32Array(field, 1);
    }

    public LayoutBuilder int64(String field) {
        return int64Array(field, 1);
    }

    public LayoutBuilder float32(String field) {
        return float32Array(field, 1);
    }

    public LayoutBuilder float64(String field) {
        return float64Array(field, 1);
    }

    public LayoutBuilder bool(String field) {
        return boolArray(field, 1);
    }

    public LayoutBuilder char16(String field) {
        return char16Array(field, 1);
    }

    /** Text of at most so many bytes of UTF-8. */
    public LayoutBuilder utf8(String field, int lengthBytes) {
        return utf8Array(field, lengthBytes, 1);
    }

    /** Raw bytes, replicated byte by byte. */
    public LayoutBuilder bytes(String field, int lengthBytes) {
        return add(new Declaration(field, FieldType.BYTES, lengthBytes, 1));
    }

    /** A pointer to any object. */
    public LayoutBuilder pointer(String field) {
        return pointer(field, "");
    }

    /** A pointer to, or into, an object of the named layout. */
    public LayoutBuilder pointer(String field, String target) {
        return pointerArray(field, target, 1);
    }

    /** A pool offset without generation, filled by foreign code. */
    public LayoutBuilder rawPointer(String field) {
        return primitives(field, FieldType.RAW_POINTER, 1);
    }

    /** A nested structure. */
    public LayoutBuilder struct(String field, Layout nested) {
        return structArray(field, nested, 1);
    }

    /** A nested structure whose layout is given to {@link #resolve} as well. */
    public LayoutBuilder struct(String field, String nestedName) {
        return structArray(field, nestedName, 1);
    }

    public LayoutBuilder int8Array(String field, int count) {
        return primitives(field, FieldType.INT8, count);
    }

    public LayoutBuilder int16Array(String field, int count) {
        return primitives(field, FieldType.INT16, count);
    }

    public LayoutBuilder int32Array(String field, int count) {
        return primitives(field, FieldType.INT32, count);
    }

    public LayoutBuilder int64Array(String field, int count) {
        return primitives(field, FieldType.INT64, count);
    }

    public LayoutBuilder float32Array(String field, int count) {
        return primitives(field, FieldType.FLOAT32, count);
    }

    public LayoutBuilder float64Array(String field, int count) {
        return primitives(field, FieldType.FLOAT64, count);
    }

    public LayoutBuilder boolArray(String field, int count) {
        return primitives(field, FieldType.BOOLEAN, count);
    }

    public LayoutBuilder char16Array(String field, int count) {
        return primitives(field, FieldType.CHAR16, count);
    }

    public LayoutBuilder utf8Array(String field, int lengthBytes, int count) {
        return add(new Declaration(field, FieldType.UTF8, lengthBytes, count));
    }

    public LayoutBuilder pointerArray(String field, String target, int count) {
        primitives(field, FieldType.POINTER, count);
        last().target = target;
        return this;
    }

    public LayoutBuilder structArray(String field, Layout nested, int count) {
        add(new Declaration(field, FieldType.STRUCT, nested.sizeBytes(), count));
        last().nested = nested;
        return this;
    }

    public LayoutBuilder structArray(String field, String nestedName, int count) {
        add(new Declaration(field, FieldType.STRUCT, 0, count));
        last().target = nestedName;
        return this;
    }

    /**
     * A field of a structure that exists already.
     *
     * @param field its name
     * @param offset of its first byte
     * @param type any but STRUCT
     * @param sizeBytes of the whole field; several times the type's length for an array
     */
    public LayoutBuilder field(String field, int offset, FieldType type, int sizeBytes) {
        int length = type.lengthBytes() == 0 ? sizeBytes : type.lengthBytes();
        boolean whole = length > 0 && sizeBytes % length == 0;
        add(new Declaration(field, type, length, whole ? sizeBytes / length : 0));
        return at(offset);
    }

    /** Puts the field declared last at an offset of its own; those after it follow naturally. */
    public LayoutBuilder at(int offset) {
        last().offset = Math.max(offset, NATURAL - 1);
        return this;
    }

    /** Keeps the field declared last in its process: it is not replicated. */
    public LayoutBuilder local() {
        last().local = true;
        return this;
    }

    /**
     * Names that the field declared last has in other versions of the layout, the latest first: a version that has one of them, and not the new one,
     * means the same field by it. Both versions may run beside each other then, in either role; the older one needs no change.
     */
    public LayoutBuilder was(String... earlier) {
        last().earlierNames = List.of(earlier);
        return this;
    }

    /** Names that the layout has in other versions, the latest first; as {@link #was}. */
    public LayoutBuilder renamedFrom(String... earlier) {
        earlierNames = List.of(earlier);
        return this;
    }

    /** Declares the size of the whole structure; bytes that no field covers are opaque. */
    public LayoutBuilder size(int sizeBytes) {
        declaredSize = sizeBytes;
        return this;
    }

    /**
     * Computes offsets and checks everything.
     *
     * @throws LayoutException that lists every problem, each with its field
     */
    public Layout build() {
        return resolve(this).get(0);
    }

    /**
     * Builds layouts that nest each other by name, in the given order.
     *
     * @throws LayoutException also for unknown nested layouts and for cycles of them
     */
    public static List<Layout> resolve(LayoutBuilder... builders) {
        return new LayoutResolver(builders).resolve();
    }

    private LayoutBuilder primitives(String field, FieldType type, int count) {
        return add(new Declaration(field, type, type.lengthBytes(), count));
    }

    private LayoutBuilder add(Declaration declaration) {
        declarations.add(declaration);
        return this;
    }

    private Declaration last() {
        if (declarations.isEmpty()) {
            throw new LayoutException("layout '" + name + "': no field has been declared yet that this could apply to");
        }
        return declarations.get(declarations.size() - 1);
    }

    String name() {
        return name;
    }

    List<Declaration> declarations() {
        return declarations;
    }

    /** With the nested layouts resolved. */
    Layout place(Map<String, Layout> nested) {
        return new LayoutPlacer(name, earlierNames, declaredSize).place(declarations, nested);
    }

    static boolean isNatural(int offset) {
        return offset == NATURAL;
    }
}
