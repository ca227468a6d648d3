package io.tha.transform;

/** How the values of a field become those of its counterpart, where some of them do not fit. */
public interface Conversion {
    /** The field of the target, such as {@code legs.delay}. */
    String path();

    /** What is done with what does not fit. */
    Narrowing narrowing();

    /** A value of the source, for messages. */
    String valueAt(long sourceAddress);
}
