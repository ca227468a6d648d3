package io.tha.examples.flights.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Two numbers that the driver and the serving process share through a mapped file: how many flights are committed, written by the process, and up
 * to which one it may go, written by the driver. It lets the driver strike at a certain event, and is no part of the engine.
 */
final class Board {
    private static final int POSITION_OFFSET = 0;
    private static final int LIMIT_OFFSET = 64;
    private static final int LENGTH = 128;

    private final ByteBuffer memory;

    private Board(ByteBuffer memory) {
        this.memory = memory;
    }

    static Board open(Path path) {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Board(channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH).order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + path + "' cannot be mapped: " + e.getMessage(), e);
        }
    }

    long position() {
        return get(POSITION_OFFSET);
    }

    void position(long position) {
        put(POSITION_OFFSET, position);
    }

    long limit() {
        return get(LIMIT_OFFSET);
    }

    void limit(long limit) {
        put(LIMIT_OFFSET, limit);
    }

    private long get(int offset) {
        return (long) Words.LONGS.getVolatile(memory, offset);
    }

    private void put(int offset, long value) {
        Words.LONGS.setVolatile(memory, offset, value);
    }

    private static final class Words {
        static final java.lang.invoke.VarHandle LONGS =
                java.lang.invoke.MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    }
}
