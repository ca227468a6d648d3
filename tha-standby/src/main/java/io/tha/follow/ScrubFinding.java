package io.tha.follow;

import java.util.Arrays;

/**
 * What scrubbing has found to be damaged in a standby's copy, and repaired.
 *
 * @param object its name
 * @param layout of the object, by name
 * @param field which element, as {@code stops[2].airport}; {@link #OBJECT_ID}, {@link #NAME} or {@link #CHECK_WORD} for what its slot has beside its
 *     fields; null for bytes that no field covers, and where the copy was built anew
 * @param had the value that the copy had: of a number, boolean or char16 the boxed Java primitive; of a text a {@link String}; of a pointer the name
 *     of the object that it pointed to, "dangling", or null; else, and of a part of a long text, a {@code byte[]}
 * @param has the value that it has got from the active; where the copy was built anew, why
 */
public record ScrubFinding(String object, String layout, String field, Object had, Object has) {
    /** The object's id was damaged. */
    public static final String OBJECT_ID = "(object id)";

    /** The object's name was damaged. */
    public static final String NAME = "(name)";

    /** The word that says that the object lives was damaged. */
    public static final String CHECK_WORD = "(check word)";

    @Override
    public String toString() {
        return layout + " '" + object + "' " + (field == null ? "" : field + " ") + text(had) + " -> " + text(has);
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
    }
}
