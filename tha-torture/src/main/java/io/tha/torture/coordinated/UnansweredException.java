package io.tha.torture.coordinated;

/** A process could not answer: it was killed, stopped, takes over, or copies its state anew. Whoever asked tries again. */
final class UnansweredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnansweredException(String message) {
        super(message);
    }
}
