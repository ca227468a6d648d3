package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import java.lang.management.ManagementFactory;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a receiver says of messages, and what it remembers of senders. */
class MessageTransformerTest {
    private static final Layout OLDER = Layout.named("Flight").int32("delay").float64("distance").utf8("gate", 8).build();
    private static final Layout NEWER = Layout.named("Flight").utf8("gate", 4).int16("late").was("delay").float32("distance").int8("kind").build();

    private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(4_096));
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(4_096));
    private MessageTransformer transformer = new MessageTransformer(NEWER, Conversions.NONE.defaultTo("kind", 7), 2);

    @AfterEach
    void close() {
        transformer.close();
    }

    private static byte[] description(Layout layout) {
        return layout.description().getBytes(StandardCharsets.UTF_8);
    }

    private void older(int delay, double distance, String gate) {
        message.setMemory(0, OLDER.sizeBytes(), (byte) 0);
        message.putInt(0, delay, ByteOrder.LITTLE_ENDIAN);
        message.putDouble(8, distance, ByteOrder.LITTLE_ENDIAN);
        message.putBytes(16, gate.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anObjectArrivesInTheReceiversLayout() {
        older(12, 2.5, "A1");

        transformer.learn(description(OLDER)).transform(message, 0, OLDER.sizeBytes(), target, 0);

        assertEquals("A1", target.getStringWithoutLengthAscii(0, 2));
        assertEquals(12, target.getShort(4, ByteOrder.LITTLE_ENDIAN));
        assertEquals(2.5f, target.getFloat(8, ByteOrder.LITTLE_ENDIAN));
        assertEquals(7, target.getByte(12));
    }

    @Test
    void aSenderIsUnknownUntilItsDescriptionComes() {
        int header = MessageHeader.write(OLDER, message, 0);
        message.setMemory(header, OLDER.sizeBytes(), (byte) 0);
        int length = header + OLDER.sizeBytes();

        assertEquals(MessageTransformer.UNKNOWN_SENDER, transformer.transform(message, 0, length, target, 0));
        assertNull(transformer.sender(OLDER.fingerprint()));
        int longer = MessageHeader.writeWithDescription(OLDER, message, 0);
        assertEquals(MessageHeader.lengthWithDescription(OLDER), longer);
        message.setMemory(longer, OLDER.sizeBytes(), (byte) 0);
        assertEquals(NEWER.sizeBytes(), transformer.transform(message, 0, longer + OLDER.sizeBytes(), target, 0));

        MessageHeader.write(OLDER, message, 0);
        message.setMemory(header, OLDER.sizeBytes(), (byte) 0);
        assertEquals(NEWER.sizeBytes(), transformer.transform(message, 0, length, target, 0));
        assertSame(transformer.learn(description(OLDER)), transformer.sender(OLDER.fingerprint()));
    }

    @Test
    void theHeaderIsAsTheSpecificationSays() {
        Layout layout = Layout.named("A").int16("a").build();
        String description = "layout A size=2 alignment=2\n  field a type=int16 offset=0 length=2 count=1\n";

        assertEquals(96, MessageHeader.writeWithDescription(layout, message, 8));

        assertEquals(layout.fingerprint(), message.getLong(8, ByteOrder.LITTLE_ENDIAN));
        assertEquals(2, message.getInt(16, ByteOrder.LITTLE_ENDIAN));
        assertEquals(description.length(), message.getInt(20, ByteOrder.LITTLE_ENDIAN));
        assertEquals(description + "\0".repeat(96 - 16 - description.length()), message.getStringWithoutLengthAscii(24, 96 - 16));
        assertEquals(16, MessageHeader.write(layout, message, 0));
        assertEquals(0, message.getInt(12, ByteOrder.LITTLE_ENDIAN));
    }

    @Test
    void aValueThatDoesNotFitIsRefusedWithFieldAndValueAndTheNextMessageIsTaken() {
        MessageSender sender = transformer.learn(description(OLDER));
        older(70_000, 0, "A1");

        MessageException refused =
                assertThrows(MessageException.class, () -> sender.transform(message, 0, OLDER.sizeBytes(), target, 0));
        older(70, 0, "A1");
        sender.transform(message, 0, OLDER.sizeBytes(), target, 0);

        assertEquals(
                "message in layout 'Flight', field 'late': int32 70000 does not fit into the receiver's (RANGE); declare CLAMP or TRUNCATE for the"
                        + " field, or give it another type",
                refused.getMessage());
        assertEquals(0, transformer.lossCount());
        assertEquals(70, target.getShort(4, ByteOrder.LITTLE_ENDIAN));
    }

    @Test
    void whatIsClampedOrTruncatedIsCountedForItsField() {
        transformer.close();
        transformer = new MessageTransformer(NEWER, Conversions.NONE.narrowing(Narrowing.CLAMP).narrowing("late", Narrowing.TRUNCATE), 2);
        MessageSender sender = transformer.learn(description(OLDER));
        older(65_536 + 5, 1e300, "A1");

        sender.transform(message, 0, OLDER.sizeBytes(), target, 0);
        older(1, 0.1, "longer");
        sender.transform(message, 0, OLDER.sizeBytes(), target, 16);

        assertEquals(Map.of("late", 1L, "distance", 2L, "gate", 1L), transformer.lossesByField());
        assertEquals(4, transformer.lossCount());
        assertEquals(5, target.getShort(4, ByteOrder.LITTLE_ENDIAN));
        assertEquals(Float.MAX_VALUE, target.getFloat(8, ByteOrder.LITTLE_ENDIAN));
        assertEquals("long", target.getStringWithoutLengthAscii(16, 4));
    }

    @Test
    void equalLayoutsAreCopiedWithTheBytesThatNoFieldCovers() {
        Layout foreign = Layout.named("Foreign").int8("a").int8("b").at(9).size(16).build();
        message.setMemory(0, 16, (byte) 0x77);
        try (MessageTransformer own = new MessageTransformer(foreign, Conversions.NONE, 1)) {
            own.learn(description(foreign)).transform(message, 0, 16, target, 0);
        }

        assertEquals(0x7777777777777777L, target.getLong(0));
        assertEquals(0x7777777777777777L, target.getLong(8));
    }

    @Test
    void localFieldsDoNotLeaveTheirProcess() {
        Layout layout = Layout.named("A").int8("a").int8("cache").local().build();
        message.putShort(0, (short) 0x0101);
        target.putShort(0, (short) 0x7777);
        try (MessageTransformer own = new MessageTransformer(layout, Conversions.NONE, 1)) {
            own.learn(description(layout)).transform(message, 0, 2, target, 0);
        }

        assertEquals(1, target.getByte(0));
        assertEquals(0, target.getByte(1));
    }

    @Test
    void pointersAreRefusedOnBothSides() {
        Layout pointer = Layout.named("Flight").int32("delay").pointer("origin", "Airport").build();

        LayoutException own = assertThrows(LayoutException.class, () -> new MessageTransformer(pointer, Conversions.NONE, 1));
        LayoutException sent = assertThrows(LayoutException.class, () -> transformer.learn(description(pointer)));

        for (LayoutException refused : List.of(own, sent)) {
            assertTrue(refused.getMessage().contains("layout 'Flight' has pointers, which lead nowhere outside their pool"), refused.getMessage());
        }
    }

    @Test
    void layoutsOfWhichNothingCanBeMadeAreRefusedWithTheirFields() {
        Layout other = Layout.named("Flight").utf8("delay", 8).int8("gate").build();

        LayoutMismatchException refused = assertThrows(LayoutMismatchException.class, () -> transformer.learn(description(other)));

        assertTrue(refused.getMessage().contains("'late': utf8(8) cannot become int16"), refused.getMessage());
        assertTrue(refused.getMessage().contains("'gate': int8 cannot become utf8(4)"), refused.getMessage());
        assertNull(transformer.sender(other.fingerprint()));
    }

    @Test
    void theSenderThatSentNothingForTheLongestIsForgotten() {
        Layout first = Layout.named("Flight").int8("delay").build();
        Layout second = Layout.named("Flight").int16("delay").build();
        MessageSender held = transformer.learn(description(first));
        MessageSender forgotten = transformer.learn(description(second));
        held.transform(message, 0, 1, target, 0);

        for (int i = 0; i < 1_000; i++) {
            transformer.learn(description(Layout.named("Flight").int32("delay").int8("n" + i).build()));
            held.transform(message, 0, 1, target, 0);
            assertNull(transformer.sender(second.fingerprint()));
            assertNotNull(transformer.sender(first.fingerprint()));
        }

        assertEquals(NEWER.sizeBytes(), forgotten.transform(message, 0, 2, target, 0), "who holds it may use it");
        assertNull(transformer.sender(second.fingerprint()));
    }

    @Test
    void buffersWithoutRoomAreRefused() {
        MessageSender sender = transformer.learn(description(OLDER));
        ByteBuffer whole = ByteBuffer.allocate(OLDER.sizeBytes());

        assertThrows(IndexOutOfBoundsException.class, () -> sender.transform(message, 4_096 - 8, OLDER.sizeBytes(), target, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> sender.transform(message, -1, OLDER.sizeBytes(), target, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> sender.transform(message, 0, OLDER.sizeBytes(), target, 4_096 - NEWER.sizeBytes() + 1));
        assertThrows(IndexOutOfBoundsException.class, () -> transformer.transform(message, 4_090, 16, target, 0));
        assertThrows(MessageException.class, () -> sender.transform(message, 0, OLDER.sizeBytes() - 1, target, 0));
        assertThrows(BufferOverflowException.class, () -> sender.transform(whole, ByteBuffer.allocate(NEWER.sizeBytes() - 1)));
        assertThrows(
                ReadOnlyBufferException.class, () -> sender.transform(whole, ByteBuffer.allocateDirect(64).asReadOnlyBuffer()));
        assertEquals(0, whole.position());
        assertThrows(IllegalArgumentException.class, () -> new MessageTransformer(NEWER, Conversions.NONE, 0));
    }

    @Test
    void aClosedTransformerTakesNoMessages() {
        MessageSender sender = transformer.learn(description(OLDER));
        transformer.close();

        assertThrows(IllegalStateException.class, () -> sender.transform(message, 0, OLDER.sizeBytes(), target, 0));
        transformer.close();
    }

    @Test
    void messagesOfKnownSendersMakeNoGarbage() {
        transformer.close();
        transformer = new MessageTransformer(NEWER, Conversions.NONE.narrowing(Narrowing.CLAMP), 2);
        MessageSender sender = transformer.learn(description(OLDER));
        UnsafeBuffer onHeap = new UnsafeBuffer(new byte[64]);
        ByteBuffer direct = ByteBuffer.allocateDirect(64);
        ByteBuffer array = ByteBuffer.allocate(64);
        older(70_000, 0.1, "longer");
        UnsafeBuffer framed = new UnsafeBuffer(ByteBuffer.allocateDirect(1_024));
        int header = MessageHeader.writeWithDescription(OLDER, framed, 0);
        framed.putBytes(header, message, 0, OLDER.sizeBytes());
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int messages = 2_000;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < messages; i++) {
                sender.transform(message, 0, OLDER.sizeBytes(), target, 0);
                sender.transform(onHeap, 0, OLDER.sizeBytes(), onHeap, 32);
                transformer.transform(framed, 0, header + OLDER.sizeBytes(), target, 0);
                sender.transform(direct.clear().limit(OLDER.sizeBytes()), array.clear());
                sender.transform(array.clear().limit(OLDER.sizeBytes()), direct.clear());
            }
            least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least < messages, 5 * messages + " messages allocated " + least + " bytes at least");
        assertTrue(transformer.lossCount() > messages);
    }
}
