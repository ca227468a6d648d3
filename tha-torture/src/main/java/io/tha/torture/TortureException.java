package io.tha.torture;

/** A check did not hold. */
final class TortureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    TortureException(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
