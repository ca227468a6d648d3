package io.tha.follow;

import io.tha.transform.Dangling;

/**
 * A pointer that leads nowhere at the end of a transaction.
 *
 * @param object that has it, by name; null if it has none
 * @param layout of the object here, by name
 * @param field that has it, as {@code stops[2].airport}
 * @param target what it points to on the active, in words
 * @param policy of the layout, which says what became of it
 */
public record DanglingPointer(String object, String layout, String field, String target, Dangling policy) {
    @Override
    public String toString() {
        return "field '" + field + "' of " + layout + " '" + object + "' points to " + target + " (" + policy + ")";
    }
}
