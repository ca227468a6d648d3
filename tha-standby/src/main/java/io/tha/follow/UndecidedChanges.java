package io.tha.follow;

import static io.tha.region.FrameDescriptor.CREATE_LAYOUT_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NAME_KIND_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_NUMBER_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_PREFIX_ID_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_TEXT_LENGTH_OFFSET;
import static io.tha.region.FrameDescriptor.CREATE_TEXT_OFFSET;
import static io.tha.region.FrameDescriptor.HANDLE_OFFSET;
import static io.tha.region.FrameDescriptor.TRANSACTION_ID_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_BYTES_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_FIELD_OFFSET;
import static io.tha.region.FrameDescriptor.UPDATE_LENGTH_OFFSET;

import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PoolStructure;
import io.tha.region.FrameDescriptor;
import io.tha.region.FrameHandler;
import io.tha.region.FrameType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells frames of undecided transactions by the names of objects and fields. What the copy has not, such as objects that the transaction created, it
 * knows from the frames.
 *
 * <p>Threads: the follower's.
 */
final class UndecidedChanges implements FrameHandler {
    private final Replica replica;
    private final ElementCursor cursor = new ElementCursor();
    private final Map<Long, Changes> transactions = new LinkedHashMap<>();
    private final Map<Long, Target> created = new HashMap<>();
    private int left;

    /** An object, as it is told. */
    private record Target(String name, Layout layout) {}

    private static final class Changes {
        final List<DiscardedChange> told = new ArrayList<>();
        final Map<Element, Object> last = new HashMap<>();
        long omitted;
    }

    /** Of an object. */
    private record Element(long peerHandle, int offset) {}

    UndecidedChanges(Replica replica, int mostChanges) {
        this.replica = replica;
        left = mostChanges;
    }

    List<DiscardedTransaction> transactions() {
        List<DiscardedTransaction> discarded = new ArrayList<>();
        transactions.forEach((id, changes) -> discarded.add(new DiscardedTransaction(id, List.copyOf(changes.told), changes.omitted)));
        return List.copyOf(discarded);
    }

    @Override
    public void frame(int type, long address, int lengthBytes) {
        Changes changes = transactions.computeIfAbsent(Memory.getLong(address + TRANSACTION_ID_OFFSET), id -> new Changes());
        long peerHandle = Memory.getLong(address + HANDLE_OFFSET);
        switch (type) {
            case FrameType.CREATE -> {
                Target target = create(address, lengthBytes);
                created.put(peerHandle, target);
                tell(changes, DiscardedChange.Kind.CREATED, target, null, null);
            }
            case FrameType.UPDATE -> update(changes, peerHandle, address, lengthBytes);
            case FrameType.DELETE -> tell(changes, DiscardedChange.Kind.DELETED, target(peerHandle), null, null);
            default -> {
                // Registrations are not told: they change no object.
            }
        }
    }

    @Override
    public void committed(long transactionId, long endPosition) {
        throw new IllegalStateException("transaction " + transactionId + " is not undecided");
    }

    private void tell(Changes changes, DiscardedChange.Kind kind, Target target, String field, Object value) {
        if (left == 0 || target == null) {
            changes.omitted++;
            return;
        }
        left--;
        changes.told.add(new DiscardedChange(kind, target.name(), target.layout().name(), field, value));
    }

    private Target create(long address, int lengthBytes) {
        LayoutEntry entry = replica.registry().layout(Memory.getShort(address + CREATE_LAYOUT_ID_OFFSET) & 0xFFFF);
        if (entry == null) {
            return null;
        }
        String name = null;
        int nameKind = Memory.getInt(address + CREATE_NAME_KIND_OFFSET);
        if (nameKind == FrameDescriptor.NAME_KIND_STATIC) {
            int length = Math.min(Math.max(0, Memory.getInt(address + CREATE_TEXT_LENGTH_OFFSET)), lengthBytes - CREATE_TEXT_OFFSET);
            name = text(address + CREATE_TEXT_OFFSET, length);
        } else if (nameKind == FrameDescriptor.NAME_KIND_IMPLICIT) {
            int prefix = replica.registry().prefix(Memory.getInt(address + CREATE_PREFIX_ID_OFFSET));
            name = prefix < 0 ? null : replica.pool().prefixText(prefix) + "#" + Memory.getLong(address + CREATE_NUMBER_OFFSET);
        }
        return new Target(name, entry.layout());
    }

    /** Null if nobody knows the object. */
    private Target target(long peerHandle) {
        long local = replica.peers().find(peerHandle);
        if (local == 0) {
            return created.get(peerHandle);
        }
        PoolStructure pool = replica.pool();
        return new Target(pool.pool().nameOf(local), pool.layoutOn((int) (ObjectMemory.bodyOffset(local) >>> LineMarks.PAGE_SHIFT)).layout());
    }

    private void update(Changes changes, long peerHandle, long address, int lengthBytes) {
        Target target = target(peerHandle);
        int start = Memory.getInt(address + UPDATE_FIELD_OFFSET);
        int length = Memory.getInt(address + UPDATE_LENGTH_OFFSET);
        boolean isInside = target != null && start >= 0 && length >= 0 && length <= lengthBytes - UPDATE_BYTES_OFFSET
                && length <= target.layout().sizeBytes() - start;
        if (!isInside) {
            changes.omitted++;
            return;
        }
        for (int at = start; at < start + length; at = cursor.end()) {
            cursor.seek(target.layout(), at);
            int end = Math.min(cursor.end(), start + length);
            long from = address + UPDATE_BYTES_OFFSET + at - start;
            boolean isWhole = cursor.start() == at && cursor.end() == end;
            Object value = isWhole ? value(from, end - at) : bytes(from, end - at);
            Element element = new Element(peerHandle, at);
            if (!isKnown(changes, element, from, end - at, value)) {
                tell(changes, DiscardedChange.Kind.UPDATED, target, target.layout().fieldAt(at), value);
                changes.last.put(element, value);
            }
        }
    }

    /** Whether the value is what was told last, or committed: who has flushed once sends lines again as they are. */
    private boolean isKnown(Changes changes, Element element, long address, int lengthBytes, Object value) {
        if (changes.last.containsKey(element)) {
            return Objects.deepEquals(changes.last.get(element), value);
        }
        long local = replica.peers().find(element.peerHandle());
        if (local == 0) {
            return Memory.firstNonZero(address, lengthBytes) < 0;
        }
        long committed = replica.pool().memory().base() + ObjectMemory.bodyOffset(local) + element.offset();
        if (cursor.type() == FieldType.POINTER && lengthBytes == Long.BYTES) {
            long peerPointer = Memory.getLong(address);
            long pointer = peerPointer == 0 ? 0 : replica.pointers().toLocal(peerPointer);
            // One that leads nowhere here leads to what the transaction created.
            return Memory.getLong(committed) == pointer && (pointer == 0) == (peerPointer == 0);
        }
        return Memory.mismatch(address, committed, lengthBytes) < 0;
    }

    private Object value(long address, int lengthBytes) {
        return switch (cursor.type()) {
            case INT8 -> Memory.getByte(address);
            case INT16 -> Memory.getShort(address);
            case INT32 -> Memory.getInt(address);
            case INT64, RAW_POINTER -> Memory.getLong(address);
            case FLOAT32 -> Memory.getFloat(address);
            case FLOAT64 -> Memory.getDouble(address);
            case BOOLEAN -> Memory.getByte(address) != 0;
            case CHAR16 -> Memory.getChar(address);
            case UTF8 -> text(address, lengthBytes);
            case POINTER -> pointedTo(Memory.getLong(address));
            case BYTES, STRUCT -> bytes(address, lengthBytes);
        };
    }

    private String pointedTo(long peerPointer) {
        long peerHandle = peerPointer == 0 ? 0 : replica.peers().peerHandleAt(ObjectMemory.bodyOffset(peerPointer));
        Target target = peerHandle == 0 ? created.get(peerPointer) : target(peerHandle);
        return target == null ? null : target.name();
    }

    private static String text(long address, int lengthBytes) {
        byte[] bytes = bytes(address, lengthBytes);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(long address, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        Memory.copyTo(address, bytes, 0, lengthBytes);
        return bytes;
    }
}
