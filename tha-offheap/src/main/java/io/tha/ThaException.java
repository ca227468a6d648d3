package io.tha;

/** The root of all exceptions of the engine. Messages say where, what was expected, what was found, and what to do. */
public class ThaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message where, what was expected, what was found, what to do
     */
    public ThaException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message where, what was expected, what was found, what to do
     * @param cause what led to it
     */
    public ThaException(String message, Throwable cause) {
        super(message, cause);
    }
}
