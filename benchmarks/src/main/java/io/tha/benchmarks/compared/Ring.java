package io.tha.benchmarks.compared;

import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Messages written by hand into agrona's ring buffer in a file that both processes map: the least that replication can cost. */
final class Ring {
    private static final int MESSAGE = 1;

    private Ring() {}

    private static String file() {
        return "ring";
    }

    /** Creates the ring. */
    static final class RingActive implements Active {
        private final MappedByteBuffer mapped;
        private final OneToOneRingBuffer ring;
        private final FlatState state;
        private final Changes changes;

        RingActive(Load load, Path directory) {
            mapped = IoUtil.mapNewFile(directory.resolve(file()).toFile(), Contender.CHANNEL_BYTES + RingBufferDescriptor.TRAILER_LENGTH);
            ring = new OneToOneRingBuffer(new UnsafeBuffer(mapped));
            state = new FlatState(load.objects());
            changes = new Changes(load);
        }

        @Override
        public void transact(long value) {
            int index = ring.tryClaim(MESSAGE, changes.lengthBytes());
            while (index < 0) {
                Thread.onSpinWait();
                index = ring.tryClaim(MESSAGE, changes.lengthBytes());
            }
            changes.apply(state, value, ring.buffer(), index);
            ring.commit(index);
        }

        @Override
        public void close() {
            IoUtil.unmap(mapped);
        }
    }

    /** Reads what {@link RingActive} has written. */
    static final class RingStandby implements Standby, MessageHandler {
        private final MappedByteBuffer mapped;
        private final OneToOneRingBuffer ring;
        private final FlatState state;

        RingStandby(Load load, Path directory) {
            mapped = IoUtil.mapExistingFile(directory.resolve(file()).toFile(), file());
            ring = new OneToOneRingBuffer(new UnsafeBuffer(mapped));
            state = new FlatState(load.objects());
        }

        @Override
        public int poll(int most) {
            return ring.read(this, most);
        }

        @Override
        public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
            Changes.applyMessage(buffer, index, length, state);
        }

        @Override
        public long value(int object) {
            return state.get(object);
        }

        @Override
        public void close() {
            IoUtil.unmap(mapped);
        }
    }
}
