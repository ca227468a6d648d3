package io.tha;

/** Two layouts of the same name differ. */
public final class LayoutMismatchException extends ThaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message where, what was expected, what was found, what to do
     */
    public LayoutMismatchException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message where, what was expected, what was found, what to do
     * @param cause what led to it
     */
    public LayoutMismatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
