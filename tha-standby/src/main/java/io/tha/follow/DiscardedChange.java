package io.tha.follow;

import java.util.Arrays;

/**
 * A change that a transaction had published and that was discarded, since the transaction was not committed.
 *
 * @param kind what was done
 * @param object its name; null if it has none
 * @param layout of the object, by name
 * @param field which element was updated, as {@code stops[2].airport}; null for bytes that no field covers, and where none was updated
 * @param value that it should have got: of a number, boolean or char16 the boxed Java primitive; of a text a {@link String}; of a pointer the name of
 *     the object that it points to, or null; else, and of a part of a long text, a {@code byte[]}; null where none was updated
 */
public record DiscardedChange(Kind kind, String object, String layout, String field, Object value) {
    /** What was done to the object. */
    public enum Kind {
        CREATED,
        UPDATED,
        DELETED
    }

    @Override
    public String toString() {
        String what = kind + " " + layout + " '" + object + "'";
        return kind != Kind.UPDATED ? what : what + " " + field + " = " + (value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
    }
}
