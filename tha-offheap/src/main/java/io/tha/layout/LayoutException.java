package io.tha.layout;

import io.tha.ThaException;

/** A layout that cannot be, or a field that it does not have; names the layout and the field. */
public final class LayoutException extends ThaException {
    private static final long serialVersionUID = 1L;

    /** With a message that names layout and field, what was expected and what was found. */
    public LayoutException(String message) {
        super(message);
    }

    /** The same with its cause. */
    public LayoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
