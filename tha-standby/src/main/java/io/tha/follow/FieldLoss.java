package io.tha.follow;

import io.tha.transform.Loss;
import io.tha.transform.Narrowing;

/**
 * A value of the active that a field of this side's version cannot hold.
 *
 * @param object its name; null if it has none
 * @param layout of the object here, by name
 * @param field here, as {@code legs.delay}
 * @param element on the active, as {@code legs[2].delay}
 * @param value that it has there, in words
 * @param loss what could not be kept
 * @param policy of the field, which says what it holds instead
 */
public record FieldLoss(String object, String layout, String field, String element, String value, Loss loss, Narrowing policy) {
    @Override
    public String toString() {
        return "field '" + field + "' of " + layout + " '" + object + "': " + value + " of the active's '" + element + "' does not fit (" + loss
                + ", " + policy + ")";
    }
}
