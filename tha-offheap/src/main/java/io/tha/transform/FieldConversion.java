package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.transform.FieldMapping.Verdict;

/** How a field that is no structure becomes another one. */
final class FieldConversion {
    /** Longer texts travel in parts, and a part of a text cannot be cut at a character. */
    static final int MOST_TEXT_BYTES = 32 << 10;

    private FieldConversion() {}

    /** The step for the elements that both have; null if nothing can be made of them. */
    static Step step(DeclaredField source, DeclaredField target, Step.Place place) {
        int count = Math.min(source.count(), target.count());
        if (source.type() == target.type()) {
            return switch (source.type()) {
                case POINTER -> new PointerStep(place, count, source.target());
                case UTF8 -> source.length() == target.length()
                        ? new CopyStep(place, source.length() * count)
                        : new TextStep(place, source.length(), target.length(), count);
                case BYTES -> new CopyStep(place, Math.min(source.length(), target.length()));
                default -> new CopyStep(place, source.length() * count);
            };
        }
        return areNumbers(source, target) ? new NumberStep(place, source.type(), target.type(), count) : null;
    }

    /** Whether structures mean the same byte by byte. */
    static boolean areCopied(Layout source, Layout target) {
        return source.equals(target) && !source.hasPointers() && !source.hasLocals();
    }

    private static boolean areNumbers(DeclaredField source, DeclaredField target) {
        return Numbers.isNumber(source.type()) && Numbers.isNumber(target.type());
    }

    /** How many bytes of the source the target has room for, in elements, or raw bytes, counted from the first. */
    static int roomBytes(DeclaredField source, DeclaredField target) {
        return source.type() == FieldType.BYTES
                ? Math.min(source.length(), target.length())
                : Math.min(source.count(), target.count()) * source.length();
    }

    static Verdict verdict(DeclaredField source, DeclaredField target) {
        boolean isCut = roomBytes(source, target) < source.length() * source.count();
        if (source.nested() != null && target.nested() != null) {
            return isCut ? Verdict.LOSSY : Verdict.SAFE;
        }
        if (source.type() != target.type()) {
            boolean isExact = isExact(source.type(), target.type()) && !isCut;
            return !areNumbers(source, target) ? Verdict.INCOMPATIBLE : isExact ? Verdict.SAFE : Verdict.LOSSY;
        }
        if (source.type() == FieldType.UTF8 && source.length() != target.length() && source.length() > MOST_TEXT_BYTES) {
            return Verdict.INCOMPATIBLE;
        }
        return isCut || source.type() == FieldType.UTF8 && source.length() > target.length() ? Verdict.LOSSY : Verdict.SAFE;
    }

    /** Whether each value of the one type has its equivalent in the other. */
    private static boolean isExact(FieldType source, FieldType target) {
        return switch (source) {
            case BOOLEAN -> true;
            case INT8 -> target != FieldType.BOOLEAN && target != FieldType.CHAR16;
            case INT16 -> target == FieldType.INT32 || target == FieldType.INT64 || target == FieldType.FLOAT32 || target == FieldType.FLOAT64;
            case CHAR16 -> target == FieldType.INT32 || target == FieldType.INT64 || target == FieldType.FLOAT32 || target == FieldType.FLOAT64;
            case INT32 -> target == FieldType.INT64 || target == FieldType.FLOAT64;
            case FLOAT32 -> target == FieldType.FLOAT64;
            default -> false;
        };
    }

    /** In words. */
    static String describe(DeclaredField source, DeclaredField target, Narrowing narrowing) {
        String from = text(source);
        String to = text(target);
        String kind = from.equals(to) ? from : from + " to " + to;
        return switch (verdict(source, target)) {
            case SAFE -> from.equals(to) && source.nested() == null ? "identical, " + kind : kind;
            case LOSSY -> kind + ", what does not fit: " + narrowing;
            case INCOMPATIBLE -> from + " cannot become " + to
                    + (source.type() == target.type() ? ": a text of more than " + MOST_TEXT_BYTES + " bytes keeps its length" : "");
        };
    }

    private static String text(DeclaredField field) {
        String type = field.type() == FieldType.UTF8 || field.type() == FieldType.BYTES
                ? field.type().text() + "(" + field.length() + ")"
                : field.nested() != null ? field.nested().name() : field.type().text();
        return field.count() > 1 ? type + "[" + field.count() + "]" : type;
    }
}
