package io.tha.examples.flights.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Numbers that the driver and its processes share through a mapped file: up to which flight the serving process may go, written by the driver, and
 * for each process how many flights it knows to be committed, written by that process alone. So what a killed process has said stays as it was,
 * whatever its successor does. It lets the driver strike at a certain event, and is no part of the engine.
 *
 * <pre>
 *   0         64                128
 *   | limit   | of process 0    | of process 1    | …
 * </pre>
 */
final class Board {
    private static final int LINE_LENGTH = 64;
    private static final int LIMIT_OFFSET = 0;
    private static final int FIRST_POSITION_OFFSET = LIMIT_OFFSET + LINE_LENGTH;

    private final ByteBuffer memory;

    private Board(ByteBuffer memory) {
        this.memory = memory;
    }

    /** Maps the file for this many processes; it grows if it is shorter. */
    static Board open(Path path, int processes) {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Board(channel.map(FileChannel.MapMode.READ_WRITE, 0, positionOffset(processes)).order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + path + "' cannot be mapped: " + e.getMessage(), e);
        }
    }

    /** How many flights a process has said to be committed. */
    long position(int process) {
        return get(positionOffset(process));
    }

    void position(int process, long position) {
        put(positionOffset(process), position);
    }

    long limit() {
        return get(LIMIT_OFFSET);
    }

    void limit(long limit) {
        put(LIMIT_OFFSET, limit);
    }

    private static int positionOffset(int process) {
        return FIRST_POSITION_OFFSET + process * LINE_LENGTH;
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
