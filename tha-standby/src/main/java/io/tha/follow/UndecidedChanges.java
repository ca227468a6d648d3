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

import io.tha.ThaException;
import io.tha.layout.ElementCursor;
import io.tha.layout.FieldType;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.region.FrameDescriptor;
import io.tha.region.FrameHandler;
import io.tha.region.FrameType;
import io.tha.region.LogReader;
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
    private static final System.Logger LOG = System.getLogger(UndecidedChanges.class.getName());

    private final Translation translation;
    private final ElementCursor cursor = new ElementCursor();
    private final Map<Long, Changes> transactions = new LinkedHashMap<>();
    private final Map<Long, Target> created = new HashMap<>();
    private int left;

    /** An object, as it is told: with the layout of the active, of which the frames are. */
    private record Target(String name, Layout layout) {}

    private static final class Changes {
        final List<DiscardedChange> told = new ArrayList<>();
        final Map<Element, Object> last = new HashMap<>();
        long omitted;
    }

    /** Of an object. */
    private record Element(long peerHandle, int offset) {}

    private UndecidedChanges(Translation translation, int mostChanges) {
        this.translation = translation;
        left = mostChanges;
    }

    /**
     * What transactions have published that are undecided where a reader is, in the order of their ids; the pool must be at rest.
     *
     * @param mostChanges that are told; of the others only the number
     */
    static List<DiscardedTransaction> of(LogReader reader, Translation translation, int mostChanges) {
        UndecidedChanges changes = new UndecidedChanges(translation, mostChanges);
        try {
            reader.deliverUndecided(changes);
        } catch (ThaException e) {
            // A takeover must not fail for what it is about to throw away.
            LOG.log(System.Logger.Level.WARNING, "not all discarded updates can be told: {0}", e.getMessage());
        }
        return changes.transactions();
    }

    private List<DiscardedTransaction> transactions() {
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
        Layout layout = translation.layoutOf(Memory.getShort(address + CREATE_LAYOUT_ID_OFFSET) & 0xFFFF);
        if (layout == null) {
            return null;
        }
        String name = null;
        int nameKind = Memory.getInt(address + CREATE_NAME_KIND_OFFSET);
        if (nameKind == FrameDescriptor.NAME_KIND_STATIC) {
            int length = Math.min(Math.max(0, Memory.getInt(address + CREATE_TEXT_LENGTH_OFFSET)), lengthBytes - CREATE_TEXT_OFFSET);
            name = ElementValue.text(address + CREATE_TEXT_OFFSET, length);
        } else if (nameKind == FrameDescriptor.NAME_KIND_IMPLICIT) {
            int prefix = translation.prefixOf(Memory.getInt(address + CREATE_PREFIX_ID_OFFSET));
            name = prefix < 0 ? null : translation.pool().prefixText(prefix) + "#" + Memory.getLong(address + CREATE_NUMBER_OFFSET);
        }
        return new Target(name, layout);
    }

    /** Null if nobody knows the object. */
    private Target target(long peerHandle) {
        long local = translation.toLocal(peerHandle);
        if (local == 0) {
            return created.get(peerHandle);
        }
        return new Target(translation.pool().pool().nameOf(local), translation.peerLayout(local));
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
            Object value = isWhole ? value(from, end - at) : ElementValue.bytes(from, end - at);
            Element element = new Element(peerHandle, at);
            boolean isKnown = changes.last.containsKey(element)
                    ? Objects.deepEquals(changes.last.get(element), value)
                    : translation.isSame(target.layout()) && isCommitted(element, from, end - at);
            if (!isKnown) {
                tell(changes, DiscardedChange.Kind.UPDATED, target, target.layout().fieldAt(at), value);
                changes.last.put(element, value);
            }
        }
    }

    /** Whether the value is what was committed: who has flushed once sends lines again as they are. */
    private boolean isCommitted(Element element, long address, int lengthBytes) {
        long local = translation.toLocal(element.peerHandle());
        if (local == 0) {
            return Memory.firstNonZero(address, lengthBytes) < 0;
        }
        long committed = translation.pool().memory().base() + ObjectMemory.bodyOffset(local) + element.offset();
        if (cursor.type() == FieldType.POINTER && lengthBytes == Long.BYTES) {
            long peerPointer = Memory.getLong(address);
            long pointer = peerPointer == 0 ? 0 : translation.pointerToLocal(peerPointer, cursor.target());
            // One that leads nowhere here leads to what the transaction created.
            return Memory.getLong(committed) == pointer && (pointer == 0) == (peerPointer == 0);
        }
        return Memory.mismatch(address, committed, lengthBytes) < 0;
    }

    private Object value(long address, int lengthBytes) {
        return cursor.type() == FieldType.POINTER ? pointedTo(Memory.getLong(address)) : ElementValue.of(cursor.type(), address, lengthBytes);
    }

    private String pointedTo(long peerPointer) {
        long peerHandle = peerPointer == 0 ? 0 : translation.peerHandleAt(ObjectMemory.bodyOffset(peerPointer));
        Target target = peerHandle == 0 ? created.get(peerPointer) : target(peerHandle);
        return target == null ? null : target.name();
    }
}
