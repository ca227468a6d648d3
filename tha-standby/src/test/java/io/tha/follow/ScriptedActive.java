package io.tha.follow;

import io.tha.capture.ScrubAnswer;
import io.tha.capture.ScrubSlice;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.Registry;
import io.tha.pool.RegistryRecord;
import io.tha.pool.ThaPool;
import io.tha.region.FrameDescriptor;
import io.tha.region.FrameType;
import io.tha.region.LogConfig;
import io.tha.region.LogFile;
import io.tha.region.LogReader;
import io.tha.region.LogWriter;
import io.tha.region.OpenTransaction;
import io.tha.region.ReaderPolicy;
import io.tha.region.ReaderSlots;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An active that sends exactly what a test tells it to: a pool, its image, and a log with a ring of 64 KiB. Objects have static names and are in
 * the default group.
 */
final class ScriptedActive implements AutoCloseable {
    private static final int POOL_BYTES = 4 << 20;
    private static final int RING_BYTES = 64 << 10;

    final ThaPool pool;
    final CommittedImage image;
    private final LogFile log;
    private final ReaderSlots readers;
    private final LogWriter writer;
    private final List<Long> created = new ArrayList<>();
    private final List<long[]> ranges = new ArrayList<>();
    private final List<Long> deleted = new ArrayList<>();
    private long transactionId;

    ScriptedActive(Path directory, Layout... layouts) {
        pool = ThaPool.create(directory.resolve("active.pool"), POOL_BYTES);
        image = CommittedImage.create(directory.resolve("active.image"), pool);
        log = LogFile.prepare(directory.resolve("active.prepared"), new LogConfig(RING_BYTES, true));
        log.imageId(image.memory().poolId());
        log.name(directory.resolve("active.1.log"), 1, "active.image");
        readers = new ReaderSlots(log, process -> false);
        writer = new LogWriter(log, readers, ReaderPolicy.dropAfter(Duration.ZERO));
        pool.register(layouts);
        begin();
        Registry registry = pool.structure().registry();
        registry.forEach(0, registry.usedBytes(), this::registration);
        writer.publishCommit(null);
        image.appendRegistry(pool.structure(), registry.usedBytes());
    }

    /** A reader from the tail on, or from the beginning. */
    LogReader join(boolean fromBeginning) {
        return LogReader.join(log, readers, 1, () -> fromBeginning ? 0 : writer.tail());
    }

    /** What a joiner keeps from the tail on. */
    CatchUp catchUp(LogReader reader, long mostBytes) {
        return new CatchUp(log, reader, () -> 0, mostBytes);
    }

    void begin() {
        writer.begin(++transactionId, true);
    }

    private void registration(RegistryRecord registration) {
        byte[] text = registration.text().getBytes(StandardCharsets.UTF_8);
        long frame = writer.append(FrameType.LAYOUT, FrameDescriptor.REGISTRATION_TEXT_OFFSET + text.length);
        Memory.putInt(frame + FrameDescriptor.REGISTRATION_KIND_OFFSET, registration.kind().number());
        Memory.putInt(frame + FrameDescriptor.REGISTRATION_ID_OFFSET, registration.id());
        Memory.putLong(frame + FrameDescriptor.REGISTRATION_TEXT_LENGTH_OFFSET, text.length);
        Memory.copyFrom(text, 0, frame + FrameDescriptor.REGISTRATION_TEXT_OFFSET, text.length);
        writer.seal();
    }

    void create(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        var pages = pool.structure().pages();
        byte[] name = pool.nameOf(handle).getBytes(StandardCharsets.UTF_8);
        long frame = writer.append(FrameType.CREATE, FrameDescriptor.CREATE_TEXT_OFFSET + name.length);
        Memory.zero(frame + FrameDescriptor.HANDLE_OFFSET, FrameDescriptor.CREATE_TEXT_OFFSET - FrameDescriptor.HANDLE_OFFSET);
        Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
        Memory.putLong(frame + FrameDescriptor.CREATE_OBJECT_ID_OFFSET, pool.objectIdOf(handle));
        Memory.putShort(frame + FrameDescriptor.CREATE_LAYOUT_ID_OFFSET, (short) pages.layoutId(page));
        Memory.putInt(frame + FrameDescriptor.CREATE_SLAB_OFFSET, pages.slabFirstPage(page));
        Memory.putInt(frame + FrameDescriptor.CREATE_SLOT_LENGTH_OFFSET, pages.slotLength(page));
        Memory.putInt(frame + FrameDescriptor.CREATE_NAME_KIND_OFFSET, FrameDescriptor.NAME_KIND_STATIC);
        Memory.putInt(frame + FrameDescriptor.CREATE_TEXT_LENGTH_OFFSET, name.length);
        Memory.copyFrom(name, 0, frame + FrameDescriptor.CREATE_TEXT_OFFSET, name.length);
        writer.seal();
        created.add(handle);
    }

    /** Sends what the pool has in a range of an object. */
    void update(long handle, int start, int end, boolean compared) {
        long offset = ObjectMemory.bodyOffset(handle) + start;
        updateFrame(handle, start, end - start, compared, pool.structure().memory().base() + offset);
        ranges.add(new long[] {offset, (long) end - start});
    }

    /** Sends an UPDATE that may be nonsense, with eight bytes. */
    void sendNonsense(long handle, int start, int length, boolean compared) {
        long frame = writer.append(FrameType.UPDATE, flags(compared), FrameDescriptor.UPDATE_BYTES_OFFSET + Long.BYTES);
        Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
        Memory.putInt(frame + FrameDescriptor.UPDATE_FIELD_OFFSET, start);
        Memory.putInt(frame + FrameDescriptor.UPDATE_LENGTH_OFFSET, length);
        Memory.putLong(frame + FrameDescriptor.UPDATE_BYTES_OFFSET, -1);
        writer.seal();
    }

    private void updateFrame(long handle, int start, int length, boolean compared, long source) {
        long frame = writer.append(FrameType.UPDATE, flags(compared), FrameDescriptor.UPDATE_BYTES_OFFSET + length);
        Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
        Memory.putInt(frame + FrameDescriptor.UPDATE_FIELD_OFFSET, start);
        Memory.putInt(frame + FrameDescriptor.UPDATE_LENGTH_OFFSET, length);
        Memory.copy(source, frame + FrameDescriptor.UPDATE_BYTES_OFFSET, length);
        writer.seal();
    }

    private static int flags(boolean compared) {
        return compared ? 0 : FrameDescriptor.FLAG_NOT_COMPARED;
    }

    void delete(long handle) {
        long frame = writer.append(FrameType.DELETE, FrameDescriptor.DELETE_LENGTH);
        Memory.putLong(frame + FrameDescriptor.HANDLE_OFFSET, handle);
        writer.seal();
        deleted.add(handle);
    }

    /** Publishes; the image is as before. */
    void publish() {
        writer.publishCommit(null);
    }

    /** Begins a part of a coordinated transaction, which {@link #publishPart} publishes; returns its id. */
    long beginPart() {
        writer.begin(++transactionId, false);
        return transactionId;
    }

    /** Publishes a part whole; the image is as before. */
    OpenTransaction publishPart() {
        return writer.publishEarly(null, true);
    }

    /** Acts upon the decision; {@link #advance} follows. */
    void commitPart(long id, OpenTransaction part) {
        writer.beginDecided(id);
        writer.publishCommit(part);
    }

    /** Brings the image to what was published, but only in part: as somebody sees it who looks meanwhile. */
    void advanceInPart(Random random) {
        created.stream().filter(handle -> random.nextBoolean()).forEach(handle -> image.create(pool.structure(), handle));
        for (long[] range : ranges) {
            int from = random.nextInt((int) range[1] + 1);
            int length = random.nextInt((int) range[1] - from + 1);
            image.update(range[0] + from, pool.structure().memory().base() + range[0] + from, length);
        }
    }

    /** Behind what was published. */
    long tail() {
        return writer.tail();
    }

    /** Brings the image to what was published; memory of deleted objects is free. */
    void advance() {
        created.forEach(handle -> image.create(pool.structure(), handle));
        ranges.forEach(range -> image.update(range[0], pool.structure().memory().base() + range[0], range[1]));
        deleted.forEach(image::delete);
        image.appliedRelease(writer.tail());
        writer.decided();
        pool.structure().commitPending(Registry.DEFAULT_GROUP);
        created.clear();
        ranges.clear();
        deleted.clear();
    }

    /** Publishes an object once more as the image has it. */
    void answer(long handle) {
        new ScrubAnswer(pool.structure(), image, writer).publish(++transactionId, handle, 0, Integer.MAX_VALUE);
    }

    /** Publishes hashes of all that the image has. */
    void scrub() {
        try (ScrubSlice slice = new ScrubSlice(pool.structure(), image)) {
            do {
                scrub(slice.body(), slice.fill());
            } while (!slice.endsRound());
        }
    }

    /** Publishes a SCRUB frame that may be nonsense. */
    void scrub(long body, int lengthBytes) {
        image.appliedRelease(writer.publishScrub(body, lengthBytes));
    }

    @Override
    public void close() {
        writer.close();
        log.close();
        image.close();
        pool.close();
    }
}
