package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.layout.ElementCursor;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Random pairs of versions, random messages, from and to all kinds of buffers: what arrives is the message transformed plainly, nothing else. */
class MessageModelTest {
    private static final int PAIRS = Extent.of(2_000);
    private static final int MESSAGES = 8;
    private static final byte AROUND = 0x5A;

    private final Random random = Seeds.random();
    private final ElementCursor cursor = new ElementCursor();

    @Test
    void whatArrivesIsTheMessageTransformedPlainly() {
        int pairs = 0;
        while (pairs < PAIRS) {
            RandomVersions versions = new RandomVersions(random, "L");
            if (!versions.older().hasPointers() && !versions.newer().hasPointers()) {
                pairs++;
                boolean isUpgrade = random.nextBoolean();
                Layout from = isUpgrade ? versions.older() : versions.newer();
                Layout to = isUpgrade ? versions.newer() : versions.older();
                // The defaults and policies of the newer version name fields of it.
                check(from, to, isUpgrade ? versions.conversions() : Conversions.NONE.narrowing(Narrowing.TRUNCATE));
            }
        }
    }

    private void check(Layout from, Layout to, Conversions conversions) {
        PlainTransformation plain = new PlainTransformation(from, to, conversions, LongUnaryOperator.identity());
        try (MessageTransformer transformer = new MessageTransformer(to, conversions, 1)) {
            MessageSender sender = transformer.learn(from.description().getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < MESSAGES; i++) {
                byte[] object = object(from);
                byte[] expected = plain.of(object);
                String what = "from\n" + from + "to\n" + to;

                assertArrayEquals(expected, bare(sender, object, to), what);
                assertArrayEquals(expected, framed(transformer, from, object, to), what);
                assertArrayEquals(expected, byteBuffers(sender, object, to), what);
            }
        }
    }

    private byte[] object(Layout layout) {
        long address = Memory.allocate(layout.sizeBytes());
        for (int at = 0; at < layout.sizeBytes(); at = cursor.end()) {
            cursor.seek(layout, at);
            if (random.nextInt(4) != 0) {
                RandomVersions.fill(random, cursor.type(), address + at, cursor.end() - at);
            }
        }
        byte[] bytes = new byte[layout.sizeBytes()];
        Memory.copyTo(address, bytes, 0, bytes.length);
        Memory.free(address);
        return bytes;
    }

    /** Of one of the kinds that there are, with room before and behind. */
    private MutableDirectBuffer buffer(int length) {
        MutableDirectBuffer buffer = switch (random.nextInt(5)) {
            case 0 -> new UnsafeBuffer(new byte[length]);
            case 1 -> new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            case 2 -> new UnsafeBuffer(ByteBuffer.allocate(length + 3), 3, length);
            case 3 -> new UnsafeBuffer(ByteBuffer.allocateDirect(length + 3), 3, length);
            default -> new ExpandableArrayBuffer(length);
        };
        buffer.setMemory(0, length, AROUND);
        return buffer;
    }

    private byte[] bare(MessageSender sender, byte[] object, Layout to) {
        int index = random.nextInt(9);
        int targetIndex = random.nextInt(9);
        MutableDirectBuffer message = buffer(index + object.length);
        MutableDirectBuffer target = buffer(targetIndex + to.sizeBytes() + 8);
        message.putBytes(index, object);

        assertEquals(to.sizeBytes(), sender.transform(message, index, object.length, target, targetIndex));

        return inside(target, targetIndex, to);
    }

    private byte[] framed(MessageTransformer transformer, Layout from, byte[] object, Layout to) {
        int index = random.nextInt(9);
        int targetIndex = random.nextInt(9);
        MutableDirectBuffer message = buffer(index + MessageHeader.lengthWithDescription(from) + object.length);
        MutableDirectBuffer target = buffer(targetIndex + to.sizeBytes() + 8);
        int header = random.nextBoolean()
                ? MessageHeader.write(from, message, index)
                : MessageHeader.writeWithDescription(from, message, index);
        message.putBytes(index + header, object);

        assertEquals(to.sizeBytes(), transformer.transform(message, index, header + object.length, target, targetIndex));

        return inside(target, targetIndex, to);
    }

    /** Checks that what is around it is as it was. */
    private static byte[] inside(MutableDirectBuffer target, int index, Layout layout) {
        byte[] all = new byte[index + layout.sizeBytes() + 8];
        target.getBytes(0, all);
        byte[] outside = all.clone();
        Arrays.fill(outside, index, index + layout.sizeBytes(), AROUND);
        byte[] untouched = new byte[all.length];
        Arrays.fill(untouched, AROUND);
        assertArrayEquals(untouched, outside);
        return Arrays.copyOfRange(all, index, index + layout.sizeBytes());
    }

    private byte[] byteBuffers(MessageSender sender, byte[] object, Layout to) {
        int index = random.nextInt(9);
        int targetIndex = random.nextInt(9);
        ByteBuffer message = byteBuffer(index + object.length + 4).put(index, object).position(index).limit(index + object.length);
        ByteBuffer target = byteBuffer(targetIndex + to.sizeBytes() + 8).position(targetIndex);

        assertEquals(to.sizeBytes(), sender.transform(random.nextBoolean() ? message : message.asReadOnlyBuffer(), target));

        assertEquals(targetIndex + to.sizeBytes(), target.position());
        byte[] bytes = new byte[to.sizeBytes()];
        target.get(targetIndex, bytes);
        return bytes;
    }

    private ByteBuffer byteBuffer(int length) {
        int offset = random.nextInt(4);
        ByteBuffer whole = random.nextBoolean() ? ByteBuffer.allocate(length + offset) : ByteBuffer.allocateDirect(length + offset);
        return whole.position(offset).slice();
    }
}
