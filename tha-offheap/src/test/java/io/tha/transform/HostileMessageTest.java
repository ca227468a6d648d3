package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever a sender says, it is refused by an exception of the engine, or is a message; nothing else is read or written. */
class HostileMessageTest {
    private static final Layout POINT = Layout.named("Point").int32("x").int32("y").build();
    private static final Layout OLDER =
            Layout.named("Shape").structArray("points", POINT, 4).utf8("name", 9).float64("area").bytes("raw", 5).bool("open").build();
    private static final Layout NEWER = Layout.named("Shape")
            .utf8("name", 5).structArray("points", Layout.named("Point").int8("y").float32("x").build(), 3).int16("area").bytes("raw", 9).build();
    private static final int AROUND = 64;

    private final MessageTransformer transformer = new MessageTransformer(NEWER, Conversions.NONE.narrowing(Narrowing.CLAMP), 3);
    private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(4_096));
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(NEWER.sizeBytes() + 2 * AROUND));
    private final int header = MessageHeader.writeWithDescription(OLDER, message, 0);
    private final int length = header + OLDER.sizeBytes();

    @AfterEach
    void close() {
        transformer.close();
    }

    /** Transforms, and checks that nothing around the object was written. */
    private int transform(UnsafeBuffer from, int fromLength) {
        target.setMemory(0, target.capacity(), (byte) 0x5A);
        try {
            return transformer.transform(from, 0, fromLength, target, AROUND);
        } finally {
            for (int i = 0; i < AROUND; i++) {
                assertEquals(0x5A, target.getByte(i));
                assertEquals(0x5A, target.getByte(target.capacity() - 1 - i));
            }
        }
    }

    @Test
    void messagesThatWereCutAnywhereAreRefused() {
        for (int cut = 0; cut < length; cut++) {
            int cutLength = cut;
            MessageException refused = assertThrows(MessageException.class, () -> transform(message, cutLength));
            assertTrue(refused.getMessage().startsWith("message to layout 'Shape': " + cut + " bytes"), refused.getMessage());
        }
        assertEquals(NEWER.sizeBytes(), transform(message, length));
    }

    @Test
    void lengthsThatAreNotThoseOfTheMessageAreRefused() {
        int[] lengths = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 15, OLDER.sizeBytes() + 1, 1 << 30, 0};
        for (int wrong : lengths) {
            for (int at : new int[] {8, 12}) {
                int right = message.getInt(at, ByteOrder.LITTLE_ENDIAN);
                message.putInt(at, wrong, ByteOrder.LITTLE_ENDIAN);

                assertThrows(MessageException.class, () -> transform(message, length), () -> wrong + " at " + at);

                message.putInt(at, right, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    @Test
    void whateverIsChangedInAMessageItIsRefusedOrTaken() {
        Random random = Seeds.random();
        UnsafeBuffer changed = new UnsafeBuffer(ByteBuffer.allocateDirect(4_096));
        int taken = 0;
        for (int i = 0; i < 30_000; i++) {
            changed.putBytes(0, message, 0, length);
            int changes = 1 + random.nextInt(3);
            for (int j = 0; j < changes; j++) {
                changed.putByte(random.nextInt(length), (byte) (random.nextBoolean() ? random.nextInt() : '0' + random.nextInt(10)));
            }
            int claimed = random.nextInt(4) == 0 ? random.nextInt(length + 40) : length;
            if (random.nextInt(50) == 0) {
                // What was changed is believed for once.
                trust(changed);
            }
            try {
                taken += transform(changed, claimed) == NEWER.sizeBytes() ? 1 : 0;
            } catch (ThaException refused) {
                assertTrue(refused.getMessage().length() > 10);
            }
        }
        assertTrue(taken > 0, "the test refuses everything");
    }

    /** Gives it the fingerprint that its description has, if it is one. */
    private static void trust(UnsafeBuffer changed) {
        int described = changed.getInt(12, ByteOrder.LITTLE_ENDIAN);
        if (described > 0 && described < 2_000) {
            try {
                Layout layout = Layout.parse(changed.getStringWithoutLengthUtf8(16, described));
                changed.putLong(0, layout.fingerprint(), ByteOrder.LITTLE_ENDIAN);
            } catch (LayoutException none) {
                changed.putLong(0, 1, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    @Test
    void randomBytesInKnownLayoutsAreTransformedWithinTheirBounds() {
        Random random = Seeds.random();
        MessageSender sender = transformer.learn(OLDER.description().getBytes(StandardCharsets.UTF_8));
        UnsafeBuffer body = new UnsafeBuffer(ByteBuffer.allocateDirect(OLDER.sizeBytes()));
        byte[] bytes = new byte[OLDER.sizeBytes()];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            body.putBytes(0, bytes);
            target.setMemory(0, target.capacity(), (byte) 0x5A);

            assertEquals(NEWER.sizeBytes(), sender.transform(body, 0, bytes.length, target, AROUND));

            assertEquals(0x5A5A5A5A5A5A5A5AL, target.getLong(AROUND - 8));
            assertEquals(0x5A5A5A5A5A5A5A5AL, target.getLong(AROUND + NEWER.sizeBytes()));
        }
    }

    @Test
    void aDescriptionThatIsNotThatOfTheFingerprintIsNotLearned() {
        long fingerprint = message.getLong(0, ByteOrder.LITTLE_ENDIAN);
        message.putLong(0, fingerprint + 1, ByteOrder.LITTLE_ENDIAN);

        MessageException refused = assertThrows(MessageException.class, () -> transform(message, length));

        assertTrue(refused.getMessage().contains(String.format("the header says fingerprint %016x, its description has %016x", fingerprint + 1,
                fingerprint)), refused.getMessage());
        assertNull(transformer.sender(fingerprint));
        assertNull(transformer.sender(fingerprint + 1));
    }

    @Test
    void descriptionsThatAreTooLongOrNotUtf8AreRefused() {
        byte[] notUtf8 = OLDER.description().getBytes(StandardCharsets.UTF_8);
        notUtf8[8] = (byte) 0xFF;

        LayoutException tooLong = assertThrows(
                LayoutException.class, () -> transformer.learn(new byte[MessageTransformer.MAX_DESCRIPTION_LENGTH_BYTES + 1]));
        LayoutException other = assertThrows(LayoutException.class, () -> transformer.learn(notUtf8));

        assertTrue(tooLong.getMessage().contains("65537 bytes, the limit for messages is 65536"), tooLong.getMessage());
        assertTrue(other.getMessage().contains("expected UTF-8"), other.getMessage());
    }

    @Test
    void aLayoutThatIsLargerThanItsMessageReservesNothing() {
        Layout huge = Layout.named("Shape").bytes("raw", 1 << 30).build();
        MessageSender sender = transformer.learn(huge.description().getBytes(StandardCharsets.UTF_8));
        UnsafeBuffer onHeap = new UnsafeBuffer(new byte[1_024]);

        assertThrows(MessageException.class, () -> sender.transform(onHeap, 0, 1_024, target, 0));
    }
}
