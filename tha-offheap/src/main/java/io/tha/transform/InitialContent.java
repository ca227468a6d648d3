package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What an object of the target is before anything of the source came: the declared defaults where the source has nothing, else zeros.
 *
 * <p>Threads: one.
 */
final class InitialContent {
    private final Conversions conversions;
    private final byte[] content;
    private final ByteBuffer bytes;

    private InitialContent(Layout target, Conversions conversions) {
        this.conversions = conversions;
        content = new byte[target.sizeBytes()];
        bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Null for zeros alone. */
    static byte[] of(Layout source, Layout target, Conversions conversions) {
        if (!conversions.hasDefaults()) {
            return null;
        }
        InitialContent initial = new InitialContent(target, conversions);
        initial.fill(source, target, 0, "");
        return initial.content;
    }

    /** The source is null where it has no such structure. */
    private void fill(Layout source, Layout target, int start, String path) {
        FieldMatch fields = source == null ? null : new FieldMatch(source, target);
        for (DeclaredField field : target.fields()) {
            DeclaredField from = fields == null ? null : fields.sourceOf(field);
            for (int i = 0; i < field.count() && !field.local(); i++) {
                boolean isNew = from == null || i >= from.count();
                int at = start + field.offset() + i * field.length();
                if (field.nested() != null) {
                    fill(isNew ? null : from.nested(), field.nested(), at, path + field.name() + ".");
                } else if (isNew) {
                    put(conversions.defaultOf(path + field.name()), field, at);
                }
            }
        }
    }

    private void put(Object value, DeclaredField field, int at) {
        if (value instanceof String text) {
            bytes.put(at, text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Double real && field.type() == FieldType.FLOAT64) {
            bytes.putDouble(at, real);
        } else if (value instanceof Number number) {
            switch (field.type()) {
                case FLOAT64 -> bytes.putDouble(at, number.doubleValue());
                case FLOAT32 -> bytes.putFloat(at, number.floatValue());
                case INT8, BOOLEAN -> bytes.put(at, number.byteValue());
                case INT16, CHAR16 -> bytes.putShort(at, number.shortValue());
                case INT32 -> bytes.putInt(at, number.intValue());
                default -> bytes.putLong(at, number.longValue());
            }
        }
    }
}
