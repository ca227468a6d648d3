package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tha.layout.ElementCursor;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random pairs of versions, and random updates: what comes of the ranges is what comes of the whole, transformed plainly. */
class TransformationModelTest {
    private static final int PAIRS = Extent.of(3_000);
    private static final int UPDATES = 30;

    private final ElementCursor cursor = new ElementCursor();

    @Test
    void rangesComeToTheSameAsTheWhole() {
        Random random = Seeds.random();
        for (int i = 0; i < PAIRS; i++) {
            RandomVersions versions = new RandomVersions(random, "L");
            Conversions conversions = versions.conversions();
            try (Pair pair = new Pair(versions.older(), versions.newer(), conversions)) {
                pair.update(random);
            }
        }
    }

    /** An object in both versions, one transformed from the other. */
    private final class Pair implements Receiver, AutoCloseable {
        private final Layout source;
        private final Layout target;
        private final Transformation transformation;
        private final PlainTransformation plain;
        private final long sourceBytes;
        private final long targetBytes;

        Pair(Layout source, Layout target, Conversions conversions) {
            this.source = source;
            this.target = target;
            transformation = Transformation.of(source, target, conversions);
            plain = new PlainTransformation(source, target, conversions, Pair::pointer);
            sourceBytes = Memory.allocate(source.sizeBytes());
            targetBytes = Memory.allocate(target.sizeBytes());
            Memory.zero(sourceBytes, source.sizeBytes());
            transformation.initialize(targetBytes);
        }

        void update(Random random) {
            check(0);
            for (int i = 0; i < UPDATES; i++) {
                int at = random.nextInt(source.sizeBytes());
                cursor.seek(source, at);
                if (cursor.isLocal()) {
                    continue;
                }
                int from = cursor.start();
                int to = cursor.isRaw() ? from + 1 + random.nextInt(cursor.end() - from) : cursor.end();
                RandomVersions.fill(random, cursor.type(), sourceBytes + from, to - from);
                transformation.apply(sourceBytes, from, to, targetBytes, this);
                check(i + 1);
            }
        }

        private void check(int updates) {
            byte[] expected = plain.of(bytes(sourceBytes, source));
            assertArrayEquals(expected, bytes(targetBytes, target), () -> updates + " updates, from\n" + source + "to\n" + target);
        }

        private static byte[] bytes(long address, Layout layout) {
            byte[] bytes = new byte[layout.sizeBytes()];
            Memory.copyTo(address, bytes, 0, bytes.length);
            return bytes;
        }

        private static long pointer(long sourcePointer) {
            return sourcePointer == 0 ? 0 : sourcePointer * 31 + 7;
        }

        @Override
        public void pointer(long sourcePointer, String pointsTo, long targetAddress) {
            Memory.putLong(targetAddress, pointer(sourcePointer));
        }

        @Override
        public void lost(Conversion conversion, int index, Loss loss, long sourceAddress) {
            assertFalse(conversion.valueAt(sourceAddress).isEmpty());
        }

        @Override
        public void close() {
            Memory.free(sourceBytes);
            Memory.free(targetBytes);
        }
    }
}
