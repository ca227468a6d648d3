package io.tha.transform;

import io.tha.ThaException;

/** A message that is not what its header says, or holds a value that the receiver does not take. The transformer goes on with the next one. */
public final class MessageException extends ThaException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the layouts, what was expected and what was found. */
    public MessageException(String message) {
        super(message);
    }
}
