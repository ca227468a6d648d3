package io.tha.standby;

import io.tha.follow.ScrubFinding;
import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/**
 * Damage to one byte of an object in a pool's file, made behind the back of the process that has it mapped.
 *
 * @param object its name
 * @param layout its layout's name
 * @param field what scrubbing must call the place
 * @param offset in the file
 * @param flips which bits
 */
record Damage(String object, String layout, String field, long offset, int flips) {
    /** In the order of the slot's header, before the body. */
    private static final List<String> HEADER = List.of(ScrubFinding.OBJECT_ID, ScrubFinding.NAME, ScrubFinding.CHECK_WORD);

    static final int HEADER_LENGTH = HEADER.size() * Long.BYTES;

    /** A byte of a replicated element, or now and then of the header. */
    static Damage any(ThaPool pool, long handle, Random random) {
        return random.nextInt(6) == 0 ? ofHeader(pool, handle, random.nextInt(HEADER_LENGTH), random) : ofField(pool, handle, random);
    }

    static Damage ofHeader(ThaPool pool, long handle, int at, Random random) {
        return of(pool, handle, HEADER.get(at / Long.BYTES), at - HEADER_LENGTH, random);
    }

    private static Damage ofField(ThaPool pool, long handle, Random random) {
        Layout layout = pool.layoutOf(handle);
        ElementCursor cursor = new ElementCursor();
        int at;
        do {
            at = random.nextInt(layout.sizeBytes());
            cursor.seek(layout, at);
        } while (cursor.isLocal() || isUnknown(pool, handle, cursor));
        return of(pool, handle, layout.fieldAt(at), at, random);
    }

    /** A pointer that leads nowhere may lead to another nowhere: nobody can tell. */
    private static boolean isUnknown(ThaPool pool, long handle, ElementCursor cursor) {
        long pointer = cursor.type() == FieldType.POINTER ? Memory.getLong(pool.address(handle) + cursor.start()) : 0;
        return pointer != 0 && pool.objectAt(pointer) == 0;
    }

    /** Of a byte at an offset from the beginning of an object. */
    static Damage of(ThaPool pool, long handle, String field, int at, Random random) {
        long offset = ObjectMemory.bodyOffset(handle) + at;
        return new Damage(pool.nameOf(handle), pool.layoutOf(handle).name(), field, offset, 1 << random.nextInt(Byte.SIZE));
    }

    void make(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(1);
            channel.read(bytes, offset);
            bytes.put(0, (byte) (bytes.get(0) ^ flips));
            channel.write(bytes.rewind(), offset);
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + file + "' cannot be damaged", e);
        }
    }

    boolean isToldBy(ScrubFinding finding) {
        return object.equals(finding.object()) && layout.equals(finding.layout()) && String.valueOf(field).equals(String.valueOf(finding.field()));
    }
}
