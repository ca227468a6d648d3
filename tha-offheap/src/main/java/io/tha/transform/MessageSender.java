package io.tha.transform;

import io.tha.layout.Layout;
import io.tha.memory.Memory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What becomes of the messages of senders with one version of a layout. It works on also when its transformer has forgotten it for others.
 *
 * <p>Threads: those of its {@link MessageTransformer}.
 */
public final class MessageSender {
    private final MessageTransformer transformer;
    private final Layout layout;
    /** Null where all bytes are copied. */
    private final Transformation transformation;
    private final Receiver receiver = new Receiver() {
        @Override
        public void pointer(long sourcePointer, String pointsTo, long targetAddress) {
            throw new IllegalStateException("layout '" + layout.name() + "': messages have no pointers");
        }

        @Override
        public void lost(Conversion conversion, int index, Loss loss, long sourceAddress) {
            if (conversion.narrowing() == Narrowing.FAIL) {
                throw refused(conversion, index, loss, sourceAddress);
            }
            transformer.losses().add(conversion.path());
        }
    };
    private long lastUse;

    MessageSender(MessageTransformer transformer, Layout layout, Conversions conversions) {
        this.transformer = transformer;
        this.layout = layout;
        boolean isCopied = layout.equals(transformer.layout()) && !layout.hasLocals();
        transformation = isCopied ? null : Transformation.of(layout, transformer.layout(), conversions);
    }

    /** The sender's. */
    public Layout layout() {
        return layout;
    }

    long lastUse() {
        return lastUse;
    }

    void used(long use) {
        lastUse = use;
    }

    /**
     * Transforms a message: the bytes of an object in the sender's layout.
     *
     * @param length of the message in bytes, {@link Layout#sizeBytes} of the sender's layout
     * @param target where the object is written, {@link Layout#sizeBytes} of the receiver's layout from the index on; no part of the message
     * @return the length of the object in bytes
     * @throws MessageException if the message has another length, or a value does not fit; the target then holds anything
     * @throws IndexOutOfBoundsException if message or target are not within their buffers
     * @throws IllegalStateException if the transformer is closed
     */
    public int transform(DirectBuffer message, int index, int length, MutableDirectBuffer target, int targetIndex) {
        int size = transformer.layout().sizeBytes();
        Objects.checkFromIndexSize(index, length, message.capacity());
        Objects.checkFromIndexSize(targetIndex, size, target.capacity());
        if (length != layout.sizeBytes()) {
            throw new MessageException("message in layout '" + layout.name() + "' of " + length + " bytes, expected " + layout.sizeBytes());
        }
        used(transformer.nextUse());
        try {
            boolean isCopy = OffHeapCopy.isNeeded(target);
            long from = OffHeapCopy.isNeeded(message)
                    ? transformer.messageCopy().take(message, index, length)
                    : message.addressOffset() + index;
            long to = isCopy ? transformer.targetCopy().room(size) : target.addressOffset() + targetIndex;
            object(from, length, to);
            if (isCopy) {
                transformer.targetCopy().give(target, targetIndex, size);
            }
            return size;
        } finally {
            // Whose memory would else be given back under the addresses.
            Reference.reachabilityFence(message);
            Reference.reachabilityFence(target);
        }
    }

    /** As {@link MessageTransformer#transform(ByteBuffer, ByteBuffer)}, without a header. */
    public int transform(ByteBuffer message, ByteBuffer target) {
        return transformer.transform(message, target, this);
    }

    private void object(long from, int length, long to) {
        if (transformation == null) {
            Memory.copy(from, to, length);
        } else {
            transformation.initialize(to);
            transformation.apply(from, 0, length, to, receiver);
        }
    }

    private MessageException refused(Conversion conversion, int index, Loss loss, long sourceAddress) {
        return new MessageException("message in layout '" + layout.name() + "', field '" + conversion.path() + "'"
                + (index > 0 ? ", element " + index : "") + ": " + conversion.valueAt(sourceAddress) + " does not fit into the receiver's (" + loss
                + "); declare CLAMP or TRUNCATE for the field, or give it another type");
    }
}
