package io.tha;

/** A file of the domain does not hold what its format demands. */
public final class CorruptRegionException extends ThaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message where, what was expected, what was found, what to do
     */
    public CorruptRegionException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message where, what was expected, what was found, what to do
     * @param cause what led to it
     */
    public CorruptRegionException(String message, Throwable cause) {
        super(message, cause);
    }
}
