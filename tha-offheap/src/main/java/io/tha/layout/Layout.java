package io.tha.layout;

import io.tha.memory.ObjectMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A data structure: its fields with names, types and offsets. Offsets follow natural alignment in the order of declaration unless they are
 * declared, so they are the same in every JVM.
 *
 * <p>Two layouts are the same when their fingerprints are: the first eight bytes, little-endian, of the SHA-256 of the {@link #description}.
 *
 * <p>Threads: immutable.
 */
public final class Layout {
    private final String name;
    private final List<String> earlierNames;
    private final int sizeBytes;
    private final int alignment;
    private final List<DeclaredField> fields;
    private final DeclaredField[] byOffset;
    private final String description;
    private final long fingerprint;
    private final boolean pointers;
    private final boolean locals;
    private final int depth;
    private final long fieldTotal;

    /** What it is called, and was. */
    record Names(String name, List<String> earlier) {}

    Layout(Names names, int sizeBytes, int alignment, List<DeclaredField> fields) {
        name = names.name();
        earlierNames = List.copyOf(names.earlier());
        this.sizeBytes = sizeBytes;
        this.alignment = alignment;
        this.fields = List.copyOf(fields);
        this.byOffset = fields.stream()
                .sorted(Comparator.comparingInt(DeclaredField::offset))
                .toArray(DeclaredField[]::new);
        // Interned, so that comparing equal layouts compares two references.
        this.description = describe().intern();
        this.fingerprint = hash(description);
        this.pointers = fields.stream()
                .anyMatch(field -> field.type() == FieldType.POINTER || field.nested() != null && field.nested().hasPointers());
        this.locals = fields.stream().anyMatch(field -> field.local() || field.nested() != null && field.nested().hasLocals());
        List<Layout> nested = fields.stream().map(DeclaredField::nested).filter(Objects::nonNull).toList();
        this.depth = nested.stream().mapToInt(layout -> layout.depth + 1).max().orElse(0);
        this.fieldTotal = fields.size() + nested.stream().mapToLong(Layout::fieldTotal).sum();
    }

    /** Begins a declaration. */
    public static LayoutBuilder named(String name) {
        return new LayoutBuilder(name);
    }

    /** Bytes without inner structure, replicated byte by byte. */
    public static Layout opaque(String name, int sizeBytes) {
        return named(name).bytes("content", sizeBytes).build();
    }

    /**
     * Reads a {@link #description} back.
     *
     * @throws LayoutException when it is not exactly what some layout's description is
     */
    public static Layout parse(String description) {
        return LayoutParser.parse(description);
    }

    /**
     * Reads the {@link #ownDescription} of several layouts, which stand behind those that they nest.
     *
     * @param firstLine the number of the first line, for messages, which begin with that of the line where something is wrong
     * @throws LayoutException when it is not exactly what some layouts' descriptions are, or has a layout twice
     */
    public static List<Layout> parseAll(String descriptions, int firstLine) {
        return LayoutParser.parseAll(descriptions, firstLine);
    }

    public String name() {
        return name;
    }

    /** That other versions have for it, the latest first. */
    public List<String> earlierNames() {
        return earlierNames;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    public int alignment() {
        return alignment;
    }

    /** In the order of declaration. */
    public List<DeclaredField> fields() {
        return fields;
    }

    /** Canonical, one line per field, nested layouts first: equal texts mean equal layouts. */
    public String description() {
        return description;
    }

    /** Its own part of the {@link #description}, without the layouts that it nests. */
    public String ownDescription() {
        StringBuilder text = new StringBuilder();
        describeOwn(text);
        return text.toString();
    }

    /** The layouts that it nests, each behind those that it nests itself. */
    public List<Layout> nested() {
        Map<String, Layout> nested = new LinkedHashMap<>();
        collectNested(nested);
        return List.copyOf(nested.values());
    }

    /** How deep structures are nested in it: 0 for none. */
    public int depth() {
        return depth;
    }

    /** Its fields and those of its nested structures, of an array once. */
    long fieldTotal() {
        return fieldTotal;
    }

    public long fingerprint() {
        return fingerprint;
    }

    /** What the check words of its objects are made with, see {@link ObjectMemory}. */
    public long key() {
        return ObjectMemory.layoutKey(fingerprint);
    }

    public boolean hasPointers() {
        return pointers;
    }

    public boolean hasLocals() {
        return locals;
    }

    public ByteField int8Field(String path) {
        return new ByteField(FieldPath.resolve(this, path, FieldType.INT8));
    }

    public ShortField int16Field(String path) {
        return new ShortField(FieldPath.resolve(this, path, FieldType.INT16));
    }

    public IntField int32Field(String path) {
        return new IntField(FieldPath.resolve(this, path, FieldType.INT32));
    }

    public LongField int64Field(String path) {
        return new LongField(FieldPath.resolve(this, path, FieldType.INT64));
    }

    public FloatField float32Field(String path) {
        return new FloatField(FieldPath.resolve(this, path, FieldType.FLOAT32));
    }

    public DoubleField float64Field(String path) {
        return new DoubleField(FieldPath.resolve(this, path, FieldType.FLOAT64));
    }

    public BooleanField booleanField(String path) {
        return new BooleanField(FieldPath.resolve(this, path, FieldType.BOOLEAN));
    }

    public CharField char16Field(String path) {
        return new CharField(FieldPath.resolve(this, path, FieldType.CHAR16));
    }

    public Utf8Field utf8Field(String path) {
        return new Utf8Field(FieldPath.resolve(this, path, FieldType.UTF8));
    }

    public BytesField bytesField(String path) {
        return new BytesField(FieldPath.resolve(this, path, FieldType.BYTES));
    }

    public PointerField pointerField(String path) {
        return new PointerField(FieldPath.resolve(this, path, FieldType.POINTER));
    }

    /** A raw pointer is a number to the engine. */
    public LongField rawPointerField(String path) {
        return new LongField(FieldPath.resolve(this, path, FieldType.RAW_POINTER));
    }

    /** Which element holds the byte at an offset, as {@code field 'route.stops[2]'}, or {@code byte 17} where there is none; for messages. */
    public String pathAt(int offset) {
        String field = fieldAt(offset);
        return field == null ? "byte " + offset : "field '" + field + "'";
    }

    /** Which element holds the byte at an offset, as {@code route.stops[2]}; null where there is none. */
    public String fieldAt(int offset) {
        StringBuilder path = new StringBuilder();
        Layout current = this;
        int left = offset;
        while (true) {
            int index = current.fieldIndexAt(left);
            DeclaredField field = index < 0 ? null : current.fieldByOffset(index);
            if (field == null || field.end() <= left) {
                return null;
            }
            int element = (left - field.offset()) / field.length();
            path.append(field.name()).append(field.count() > 1 ? "[" + element + "]" : "");
            if (field.nested() == null) {
                return path.toString();
            }
            path.append('.');
            left -= field.offset() + element * field.length();
            current = field.nested();
        }
    }

    /** The last field that begins at or before an offset, as an index into the fields by offset; -1 if none does. */
    int fieldIndexAt(int offset) {
        int low = 0;
        int high = byOffset.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (byOffset[middle].offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    DeclaredField fieldByOffset(int index) {
        return byOffset[index];
    }

    int fieldCount() {
        return byOffset.length;
    }

    DeclaredField field(String fieldName) {
        for (DeclaredField field : fields) {
            if (field.name().equals(fieldName)) {
                return field;
            }
        }
        return null;
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        nested().forEach(layout -> layout.describeOwn(text));
        describeOwn(text);
        return text.toString();
    }

    private void collectNested(Map<String, Layout> into) {
        for (DeclaredField field : fields) {
            if (field.nested() != null && !into.containsKey(field.nested().name)) {
                field.nested().collectNested(into);
                into.putIfAbsent(field.nested().name, field.nested());
            }
        }
    }

    private void describeOwn(StringBuilder text) {
        text.append("layout ").append(name).append(" size=").append(sizeBytes);
        text.append(" alignment=").append(alignment);
        earlierNames.forEach(earlier -> text.append(" was=").append(earlier));
        text.append('\n');
        fields.forEach(field -> text.append(field.describe()));
    }

    private static long hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout layout && layout.description.equals(description);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(fingerprint);
    }

    @Override
    public String toString() {
        return description;
    }
}
