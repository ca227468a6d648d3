package io.tha.transform;

import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.memory.ObjectMemory;
import java.util.List;

/**
 * How fields of an earlier version, which a layout keeps for as long as that version may run, and the fields that take their place become each other:
 * for a field that is split, for several that are merged, or for what a name and a type cannot tell. docs/versions.md 4.
 *
 * @param older fields that the earlier version has, by paths without indices
 * @param newer fields that have taken their place
 * @param toNewer computes the newer fields; for objects of a version that has not all of them
 * @param toOlder computes the older fields; for objects that this version has changed
 */
public record Rule(List<String> older, List<String> newer, ObjectFunction toNewer, ObjectFunction toOlder) {
    /** Keeps copies of the lists. */
    public Rule {
        older = List.copyOf(older);
        newer = List.copyOf(newer);
    }

    /**
     * A field that has moved, into a nested structure or out of one; its type and length are the same.
     *
     * @param layout that has it at both places
     * @param older path where the earlier version has it, without indices
     * @param newer path where it is now, without indices
     * @throws io.tha.layout.LayoutException if it is not the same at both places, or is in an array of structures
     */
    public static Rule moved(Layout layout, String older, String newer) {
        MovedField field = new MovedField(layout, older, newer);
        return new Rule(List.of(older), List.of(newer), field::toNewer, field::toOlder);
    }

    /**
     * Computes the newer fields of an object.
     *
     * @throws LayoutMismatchException that tells the rule, if its function fails
     */
    public void computeNewer(ObjectMemory memory, long object) {
        try {
            toNewer.apply(memory, object);
        } catch (RuntimeException e) {
            throw failed(older + " to " + newer, object, e);
        }
    }

    /**
     * Computes the older fields of an object.
     *
     * @throws LayoutMismatchException that tells the rule, if its function fails
     */
    public void computeOlder(ObjectMemory memory, long object) {
        try {
            toOlder.apply(memory, object);
        } catch (RuntimeException e) {
            throw failed(newer + " to " + older, object, e);
        }
    }

    private static LayoutMismatchException failed(String what, long object, RuntimeException cause) {
        return new LayoutMismatchException(
                "the rule from " + what + " has failed for object 0x" + Long.toHexString(object) + ": " + cause + "; mend its function", cause);
    }
}
