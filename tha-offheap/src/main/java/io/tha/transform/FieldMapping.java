package io.tha.transform;

/**
 * What becomes of one field between two layouts.
 *
 * @param source path of the field in the one, null if it has none
 * @param target path of the field in the other, null if it has none
 * @param verdict how much of it is kept
 * @param how in words
 */
public record FieldMapping(String source, String target, Verdict verdict, String how) {
    /** How much of a field is kept; the later, the less. */
    public enum Verdict {
        /** Each value has its equivalent. */
        SAFE,
        /** Some values have none; what becomes of them the field's {@link Narrowing} says. Or the field is gone. */
        LOSSY,
        /** Nothing can be made of it: the layouts cannot be used together. */
        INCOMPATIBLE
    }
}
