package io.tha.follow;

import static io.tha.region.FrameDescriptor.HANDLE_OFFSET;
import static io.tha.region.FrameDescriptor.PARTICIPANT_APPLICATION_OFFSET;
import static io.tha.region.FrameDescriptor.PARTICIPANT_ENTRY_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_BYTES_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_FIELD_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_LENGTH_OFFSET;

import io.tha.CorruptRegionException;
import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.pool.CommittedImage;
import io.tha.pool.FollowedPool;
import io.tha.pool.ImageRedo;
import io.tha.pool.LayoutEntry;
import io.tha.pool.RegistryKind;
import io.tha.pool.RegistryRecord;
import io.tha.region.FrameHandler;
import io.tha.region.FrameType;
import org.agrona.collections.LongHashSet;

/**
 * What a standby that maps the active's image keeps by itself: what is derived from the image, and the frames of the last transaction, in case the
 * active
 * dies before they are in the image. Contents of objects are in the image and nowhere else.
 *
 * <p>Threads: the follower's.
 */
final class ImageReplica implements FrameHandler, AutoCloseable {
    private final FollowedPool pool;
    private final DeclaredLayouts layouts;
    private final ImageFrames frames = new ImageFrames();
    private final TransactionFrames last = new TransactionFrames();
    private final LongHashSet created = new LongHashSet();
    /** What the transaction creates and deletes, so that no image ever has it. */
    private final LongHashSet passing = new LongHashSet();

    private final FrameHandler findPassing = handler(this::findPassing);
    private final FrameHandler apply = handler(this::apply);
    private boolean lastIsCommitted;
    private long transactions;
    private long lastEnd;
    private long lastCommit;
    private long previousCommit;

    /** A frame that was kept. */
    private interface FrameConsumer {
        void accept(int type, long address, int lengthBytes);
    }

    /**
     * For a pool whose image has everything below a position.
     *
     * @param layouts of this side's version, which must be those of the image
     */
    ImageReplica(FollowedPool pool, DeclaredLayouts layouts, long applied) {
        this.pool = pool;
        this.layouts = layouts;
        lastEnd = applied;
        lastCommit = applied;
        previousCommit = applied;
    }

    private static FrameHandler handler(FrameConsumer consumer) {
        return new FrameHandler() {
            @Override
            public void frame(int type, long address, int lengthBytes) {
                consumer.accept(type, address, lengthBytes);
            }

            @Override
            public void committed(long transactionId, long endPosition) {
                throw new IllegalStateException("frames that were kept are not committed once more");
            }
        };
    }

    @Override
    public void frame(int type, long address, int lengthBytes) {
        begin();
        last.add(type, address, lengthBytes);
    }

    private void begin() {
        if (lastIsCommitted) {
            lastIsCommitted = false;
            last.clear();
        }
    }

    @Override
    public void committed(long transactionId, long endPosition) {
        begin();
        lastIsCommitted = true;
        created.clear();
        passing.clear();
        last.forEach(findPassing);
        last.forEach(apply);
        previousCommit = lastCommit;
        lastCommit = Math.max(lastCommit, endPosition);
        lastEnd = Math.max(lastEnd, endPosition);
        transactions++;
    }

    /** It puts nothing into the image, and moves its applied position all the same. */
    @Override
    public void scrubbed(long endPosition) {
        lastEnd = Math.max(lastEnd, endPosition);
    }

    private void findPassing(int type, long address, int lengthBytes) {
        if (type == FrameType.CREATE) {
            created.add(Memory.getLong(address + HANDLE_OFFSET));
        } else if (type == FrameType.DELETE && created.contains(Memory.getLong(address + HANDLE_OFFSET))) {
            passing.add(Memory.getLong(address + HANDLE_OFFSET));
        }
    }

    private boolean isPassing(long address) {
        return !passing.isEmpty() && passing.contains(Memory.getLong(address + HANDLE_OFFSET));
    }

    private void apply(int type, long address, int lengthBytes) {
        switch (type) {
            case FrameType.CREATE -> {
                if (!isPassing(address)) {
                    pool.create(frames.created(address, lengthBytes));
                }
            }
            case FrameType.DELETE -> {
                if (!isPassing(address)) {
                    pool.delete(Memory.getLong(address + HANDLE_OFFSET));
                }
            }
            case FrameType.LAYOUT, FrameType.GROUP, FrameType.PREFIX -> register(frames.registration(address, lengthBytes));
            default -> {
                // Updates are in the image, or will be.
            }
        }
    }

    private void register(RegistryRecord found) {
        pool.register(found);
        if (found.kind() == RegistryKind.LAYOUT) {
            checkLayouts();
        }
    }

    /** Those that the image has too are the same there. */
    void checkLayouts() {
        for (LayoutEntry entry : pool.pool().structure().registry().layouts()) {
            Layout here = layouts.counterpart(entry.layout());
            if (here != null && !here.equals(entry.layout())) {
                throw new LayoutMismatchException("image '" + pool.pool().structure().memory().path() + "': layout '" + entry.layout().name()
                        + "' is\n" + entry.layout().description() + "and this standby's is\n" + here.description()
                        + "; a standby that maps the image needs equal layouts, configure standbyMode COPY");
            }
        }
    }

    /** Keeps transactions for later, and looks at SCRUB frames at once. */
    FrameHandler keeping(FrameHandler later) {
        return new FrameHandler() {
            @Override
            public void frame(int type, long address, int lengthBytes) {
                later.frame(type, address, lengthBytes);
            }

            @Override
            public void committed(long transactionId, long endPosition) {
                later.committed(transactionId, endPosition);
            }

            @Override
            public void scrubbed(long endPosition) {
                ImageReplica.this.scrubbed(endPosition);
            }
        };
    }

    /** Puts the last transaction into the image, over whatever part of it is there, unless the image has it. */
    void redo(CommittedImage image) {
        long applied = image.memory().appliedAcquire();
        if (applied >= lastCommit) {
            return;
        }
        if (applied < previousCommit) {
            throw new CorruptRegionException("image '" + image.memory().path() + "' has everything below position " + applied + " of its log, "
                    + previousCommit + " expected at least; it was damaged, take over with a standby that has a copy");
        }
        redoAnyway(image);
    }

    /** Puts the last transaction into the image, whatever position it is at. */
    void redoAnyway(CommittedImage image) {
        ImageRedo redo = new ImageRedo(image, pool);
        last.forEach(handler((type, address, lengthBytes) -> redo(redo, type, address, lengthBytes)));
        redo.registered();
    }

    private void redo(ImageRedo redo, int type, long address, int lengthBytes) {
        long handle = Memory.getLong(address + HANDLE_OFFSET);
        switch (type) {
            case FrameType.CREATE -> {
                if (!isPassing(address)) {
                    redo.create(frames.created(address, lengthBytes));
                }
            }
            case FrameType.UPDATE -> {
                int length = Memory.getInt(address + UPDATE_LENGTH_OFFSET);
                if (length > lengthBytes - UPDATE_BYTES_OFFSET) {
                    throw ImageFrames.corrupt("UPDATE of " + length + " bytes in a frame of " + lengthBytes);
                }
                if (!isPassing(address)) {
                    redo.update(handle, Memory.getInt(address + UPDATE_FIELD_OFFSET), address + UPDATE_BYTES_OFFSET, length);
                }
            }
            case FrameType.DELETE -> redo.delete(handle);
            case FrameType.LAYOUT, FrameType.GROUP, FrameType.PREFIX -> redo.register(frames.registration(address, lengthBytes));
            case FrameType.PARTICIPANT -> redo.needs(
                    Memory.getInt(address + PARTICIPANT_APPLICATION_OFFSET), Memory.getLong(address + PARTICIPANT_ENTRY_OFFSET) + 1);
            default -> {
                // Nothing else is in an image.
            }
        }
    }

    FollowedPool pool() {
        return pool;
    }

    /** Behind the last publication that moves the applied position: nobody puts anything into an image with this one. */
    long lastEnd() {
        return lastEnd;
    }

    /** How many were followed. */
    long transactions() {
        return transactions;
    }

    @Override
    public void close() {
        last.close();
        pool.close();
    }
}
