package io.tha.transform;

import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Receives messages in one layout, of senders that have other versions of it: the bytes of an object in a sender's layout become those of an object
 * in the receiver's, in the receiver's buffer. It needs no pool; docs/versions.md 5.
 *
 * <pre>
 *   MessageTransformer transformer = new MessageTransformer(FLIGHT, conversions, 64);
 *   MessageSender sender = transformer.learn(description);                          // once for each version of the sender
 *   sender.transform(message, index, length, mine, 0);
 * </pre>
 *
 * <p>Nothing that a sender says is trusted: lengths and descriptions are checked before they are used, and no more senders are remembered than it was
 * told. Messages of known senders make no garbage.
 *
 * <p>Threads: one at a time, its senders included.
 */
public final class MessageTransformer implements AutoCloseable {
    /** Returned for a message of a sender whose description is not known: ask the sender for it, {@link #learn} it, and try again. */
    public static final int UNKNOWN_SENDER = -1;

    /** A description has at most so many bytes: some thousand fields. What is remembered of a sender takes some 2 MiB at worst. */
    public static final int MAX_DESCRIPTION_LENGTH_BYTES = 64 << 10;

    /** So many senders can be remembered; beyond a few dozen versions of one layout they are not versions any more. */
    public static final int MAX_SENDERS = 4_096;

    private final Layout layout;
    private final Conversions conversions;
    private final int senderLimit;
    private final Long2ObjectHashMap<MessageSender> senders = new Long2ObjectHashMap<>();
    private final UnsafeBuffer messageView = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer targetView = new UnsafeBuffer(0, 0);
    private final LossCounts losses = new LossCounts();
    private final OffHeapCopy messageCopy = new OffHeapCopy();
    private final OffHeapCopy targetCopy = new OffHeapCopy();
    private long uses;
    private boolean closed;

    /**
     * Creates it.
     *
     * @param layout of the receiver, without pointers: they lead nowhere outside a pool
     * @param conversions of that layout
     * @param senderLimit how many senders' layouts are remembered, 1 to {@link #MAX_SENDERS}; when there is one more, the one that sent nothing for
     *     the longest is forgotten
     * @throws LayoutException if the layout has pointers, or the conversions do not fit it
     */
    public MessageTransformer(Layout layout, Conversions conversions, int senderLimit) {
        requireNoPointers(layout);
        conversions.check(layout);
        if (senderLimit < 1 || senderLimit > MAX_SENDERS) {
            throw new IllegalArgumentException("layout '" + layout.name() + "': " + senderLimit + " senders, expected 1 to " + MAX_SENDERS);
        }
        this.layout = layout;
        this.conversions = conversions;
        this.senderLimit = senderLimit;
    }

    private static void requireNoPointers(Layout layout) {
        if (layout.hasPointers()) {
            throw new LayoutException("layout '" + layout.name() + "' has pointers, which lead nowhere outside their pool; send what they point to,"
                    + " or a key in their place");
        }
    }

    /** The receiver's. */
    public Layout layout() {
        return layout;
    }

    /** As {@link #learn(DirectBuffer, int, int)}. */
    public MessageSender learn(byte[] description) {
        return learn(new UnsafeBuffer(description), 0, description.length);
    }

    /**
     * Remembers a sender's layout; harmless if it is known.
     *
     * @param description the bytes of {@link Layout#description} in UTF-8
     * @throws LayoutException if it is no description, is too long, or has pointers
     * @throws LayoutMismatchException that lists the fields of which the receiver's layout can make nothing
     */
    public MessageSender learn(DirectBuffer description, int index, int length) {
        return remember(parse(description, index, length));
    }

    private static Layout parse(DirectBuffer description, int index, int length) {
        Objects.checkFromIndexSize(index, length, description.capacity());
        if (length > MAX_DESCRIPTION_LENGTH_BYTES) {
            throw new LayoutException("description of " + length + " bytes, the limit for messages is " + MAX_DESCRIPTION_LENGTH_BYTES);
        }
        byte[] bytes = new byte[length];
        description.getBytes(index, bytes);
        try {
            return Layout.parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new LayoutException("description of " + length + " bytes, expected UTF-8, found other bytes", e);
        }
    }

    private MessageSender remember(Layout from) {
        requireNoPointers(from);
        MessageSender known = senders.get(from.fingerprint());
        if (known != null && known.layout().equals(from)) {
            return known;
        }
        if (known != null) {
            throw new LayoutException("layout '" + from.name() + "' has the fingerprint of layout '" + known.layout().name()
                    + "', which another sender has: one of the two was made to be mistaken for the other");
        }
        MessageSender sender = new MessageSender(this, from, conversions);
        if (senders.size() >= senderLimit) {
            forgetOne();
        }
        senders.put(from.fingerprint(), sender);
        sender.used(nextUse());
        return sender;
    }

    private void forgetOne() {
        MessageSender least = null;
        for (MessageSender sender : senders.values()) {
            least = least == null || sender.lastUse() < least.lastUse() ? sender : least;
        }
        senders.remove(Objects.requireNonNull(least).layout().fingerprint());
    }

    /** The sender with a layout of this fingerprint; null if it is not known, or was forgotten. */
    public MessageSender sender(long fingerprint) {
        return senders.get(fingerprint);
    }

    /**
     * Transforms a message that has a {@link MessageHeader}. If that has the description of a sender that is not known, it is learned.
     *
     * @param length of the message with its header, in bytes
     * @param target where the object is written, {@link Layout#sizeBytes} of the receiver's layout from the index on; no part of the message
     * @return the length of the object in bytes, or {@link #UNKNOWN_SENDER}
     * @throws MessageException if the lengths in the header are not those of the message, or a value does not fit; the target then holds anything
     * @throws LayoutException as {@link #learn(DirectBuffer, int, int)}
     * @throws LayoutMismatchException as {@link #learn(DirectBuffer, int, int)}
     * @throws IndexOutOfBoundsException if message or target are not within their buffers
     */
    public int transform(DirectBuffer message, int index, int length, MutableDirectBuffer target, int targetIndex) {
        Objects.checkFromIndexSize(index, length, message.capacity());
        if (length < MessageHeader.LENGTH_BYTES) {
            throw new MessageException("message to layout '" + layout.name() + "': " + length + " bytes, expected a header of "
                    + MessageHeader.LENGTH_BYTES + " at least");
        }
        int bodyLength = MessageHeader.bodyLength(message, index);
        int descriptionLength = MessageHeader.descriptionLength(message, index);
        if (descriptionLength < 0 || descriptionLength > MAX_DESCRIPTION_LENGTH_BYTES || bodyLength < 0
                || length - MessageHeader.bodyOffset(descriptionLength) != bodyLength) {
            throw new MessageException("message to layout '" + layout.name() + "': " + length + " bytes, with a description of " + descriptionLength
                    + " and a body of " + bodyLength + "; expected a description of 0 to " + MAX_DESCRIPTION_LENGTH_BYTES
                    + ", and all three to fill the message");
        }
        long fingerprint = MessageHeader.fingerprint(message, index);
        MessageSender sender = senders.get(fingerprint);
        if (sender == null) {
            if (descriptionLength == 0) {
                return UNKNOWN_SENDER;
            }
            sender = learnFrom(message, index, descriptionLength);
        }
        return sender.transform(message, index + length - bodyLength, bodyLength, target, targetIndex);
    }

    private MessageSender learnFrom(DirectBuffer message, int index, int descriptionLength) {
        Layout described = parse(message, index + MessageHeader.DESCRIPTION_OFFSET, descriptionLength);
        long claimed = MessageHeader.fingerprint(message, index);
        if (described.fingerprint() != claimed) {
            throw new MessageException(String.format("message to layout '%s': the header says fingerprint %016x, its description has %016x",
                    layout.name(), claimed, described.fingerprint()));
        }
        return remember(described);
    }

    /**
     * The same for buffers of the JDK, direct ones or not: the message is what remains of its buffer, the object is written from the position of the
     * target on. Both positions are moved behind what was read and written, save for an unknown sender or an exception.
     *
     * @throws BufferOverflowException if the target has no room
     * @throws ReadOnlyBufferException if the target is read-only
     */
    public int transform(ByteBuffer message, ByteBuffer target) {
        return transform(message, target, null);
    }

    /** The message has a header where no sender is given. */
    int transform(ByteBuffer message, ByteBuffer target, MessageSender sender) {
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        if (target.remaining() < layout.sizeBytes()) {
            throw new BufferOverflowException();
        }
        messageView.wrap(message);
        targetView.wrap(target);
        try {
            int length = sender == null
                    ? transform(messageView, message.position(), message.remaining(), targetView, target.position())
                    : sender.transform(messageView, message.position(), message.remaining(), targetView, target.position());
            if (length != UNKNOWN_SENDER) {
                message.position(message.limit());
                target.position(target.position() + length);
            }
            return length;
        } finally {
            // Not to hold what the caller may want to be rid of.
            messageView.wrap(0, 0);
            targetView.wrap(0, 0);
        }
    }

    OffHeapCopy messageCopy() {
        return messageCopy;
    }

    OffHeapCopy targetCopy() {
        return targetCopy;
    }

    LossCounts losses() {
        return losses;
    }

    /** Of a message that comes now. */
    long nextUse() {
        if (closed) {
            throw new IllegalStateException("the transformer of messages to layout '" + layout.name() + "' is closed");
        }
        return ++uses;
    }

    /** How many values did not fit, and were clamped or truncated, since it was created. */
    public long lossCount() {
        return losses.total();
    }

    /** The same for each field where there were any, by its path. */
    public Map<String, Long> lossesByField() {
        return new TreeMap<>(losses.byField());
    }

    /** Gives memory back; messages are refused after that. */
    @Override
    public void close() {
        closed = true;
        messageCopy.close();
        targetCopy.close();
    }
}
