package io.tha;

/** A commit was refused since a standby is too far behind, as configured. The transaction is open: it can be tried again, or aborted. */
public final class StandbyBehindException extends ThaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message where, what was expected, what was found, what to do
     */
    public StandbyBehindException(String message) {
        super(message);
    }
}
