package io.tha;

/**
 * A transaction was aborted, since a coordinated transaction was on whose changes it was built; its changes are undone, and those of all that it was
 * built on.
 */
public final class TransactionAbortedException extends ThaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which transaction, with which other one, what to do
     */
    public TransactionAbortedException(String message) {
        super(message);
    }
}
