package io.tha;

/** Another process has taken over: this one is no longer the active and cannot publish anything. */
public final class FencedException extends ThaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message where, what was expected, what was found, what to do
     */
    public FencedException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message where, what was expected, what was found, what to do
     * @param cause what led to it
     */
    public FencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
