package io.tha;

/** No memory is left for what was asked; nothing was changed. */
public final class PoolFullException extends ThaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message where, what was expected, what was found, what to do
     */
    public PoolFullException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message where, what was expected, what was found, what to do
     * @param cause what led to it
     */
    public PoolFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
