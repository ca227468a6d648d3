package io.tha.torture;

/** A check did not hold. */
public final class TortureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    /** With what was expected and found. */
    public TortureException(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
