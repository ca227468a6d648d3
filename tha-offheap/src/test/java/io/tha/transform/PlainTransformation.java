package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;

/** A whole object transformed value by value, as one would write it without a thought of speed; the reference. */
public final class PlainTransformation {
    private final Layout source;
    private final Layout target;
    private final Conversions conversions;
    private final LongUnaryOperator pointers;

    public PlainTransformation(Layout source, Layout target, Conversions conversions, LongUnaryOperator pointers) {
        this.pointers = pointers;
        this.source = source;
        this.target = target;
        this.conversions = conversions;
    }

    /** What an object becomes. */
    public byte[] of(byte[] object) {
        ByteBuffer from = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        byte[] result = new byte[target.sizeBytes()];
        ByteBuffer to = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
        structure(new Walk(from, source, 0), new Walk(to, target, 0), "");
        return result;
    }

    /** A structure in bytes; those of what the source has not are null. */
    private record Walk(ByteBuffer bytes, Layout layout, int start) {}

    private void structure(Walk from, Walk to, String path) {
        for (DeclaredField field : to.layout().fields()) {
            if (!field.local()) {
                field(from, field(from, field.name()), to, field, path + field.name());
            }
        }
    }

    private static DeclaredField field(Walk from, String name) {
        return from == null ? null : from.layout().fields().stream().filter(f -> f.name().equals(name) && !f.local()).findFirst().orElse(null);
    }

    private void field(Walk from, DeclaredField source, Walk to, DeclaredField field, String path) {
        for (int i = 0; i < field.count(); i++) {
            boolean has = source != null && i < source.count();
            Cell target = new Cell(to.bytes(), field, to.start() + field.offset() + i * field.length());
            Cell origin = has ? new Cell(from.bytes(), source, from.start() + source.offset() + i * source.length()) : null;
            if (has && isCopied(source.nested(), field.nested())) {
                to.bytes().put(target.at(), from.bytes(), origin.at(), field.length());
            } else if (field.nested() != null) {
                structure(has ? origin.nested() : null, target.nested(), path + ".");
            } else if (has) {
                value(origin, target, path);
            } else {
                initial(target, conversions.defaultOf(path));
            }
        }
    }

    /** With the bytes that no field covers. */
    private static boolean isCopied(Layout source, Layout target) {
        return source != null && source.equals(target) && !source.hasPointers() && !source.hasLocals();
    }

    /** One value in bytes. */
    private record Cell(ByteBuffer bytes, DeclaredField field, int at) {
        Walk nested() {
            return new Walk(bytes, field.nested(), at);
        }
    }

    private void value(Cell from, Cell to, String path) {
        FieldType type = to.field().type();
        if (type == FieldType.UTF8) {
            text(from, to);
        } else if (type == FieldType.BYTES) {
            to.bytes().put(to.at(), from.bytes(), from.at(), Math.min(from.field().length(), to.field().length()));
        } else if (type == FieldType.POINTER) {
            to.bytes().putLong(to.at(), pointers.applyAsLong(from.bytes().getLong(from.at())));
        } else if (type == from.field().type()) {
            to.bytes().put(to.at(), from.bytes(), from.at(), to.field().length());
        } else {
            boolean clamps = conversions.narrowingOf(path) == Narrowing.CLAMP;
            long bits = ReferenceNumber.of(ReferenceNumber.at(from.field().type(), from.bytes(), from.at()), type, clamps).bits();
            to.bytes().put(to.at(), ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, bits), 0, to.field().length());
        }
    }

    private static void text(Cell from, Cell to) {
        byte[] bytes = new byte[from.field().length()];
        from.bytes().get(from.at(), bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        text = text.indexOf(0) < 0 ? text : text.substring(0, text.indexOf(0));
        while (text.getBytes(StandardCharsets.UTF_8).length > to.field().length()) {
            text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
        }
        to.bytes().put(to.at(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static void initial(Cell to, Object value) {
        if (value instanceof String text) {
            to.bytes().put(to.at(), text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Double real) {
            to.bytes().putDouble(to.at(), real);
        } else if (value instanceof Long whole) {
            to.bytes().putShort(to.at(), whole.shortValue());
        }
    }
}
