package io.tha.transform;

/** What a conversion could not keep. */
public enum Loss {
    /** The value is below or above all that the field can hold, or no number. */
    RANGE,
    /** The value lies between two that the field can hold: digits were dropped. */
    PRECISION,
    /** Text, bytes, or elements of an array did not all fit. */
    LENGTH
}
