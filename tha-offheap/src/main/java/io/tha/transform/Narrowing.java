package io.tha.transform;

/** What becomes of a value that its field in the other layout cannot hold; docs/versions.md 2. */
public enum Narrowing {
    /** It is refused: a standby stops, and says which value of which object it was. */
    FAIL,
    /** The nearest that the field can hold: its least or greatest value, 0 for NaN; text is cut at a character. */
    CLAMP,
    /** What a cast keeps: the low bits of a whole number, infinity for a float64 beyond float32, 0 for NaN; text is cut at a character. */
    TRUNCATE
}
