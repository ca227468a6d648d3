package io.tha.standby;

import io.tha.pool.ThaPool;
import io.tha.standby.EveryField.Target;
import io.tha.standby.EveryField.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.zip.CRC32;

/** A pool with three groups in plain collections: what was written last, and what was committed. Objects go by their ids. */
final class CaptureModel {
    static final int GROUPS = 3;

    private final EveryField fields;
    private final List<Map<Long, Item>> working = new ArrayList<>();
    private final List<Map<Long, Item>> committed = new ArrayList<>();

    /** An object. */
    static final class Item {
        final long handle;
        final String name;
        final int layout;
        final Object[] values;

        Item(long handle, String name, int layout, Object[] values) {
            this.handle = handle;
            this.name = name;
            this.layout = layout;
            this.values = values;
        }

        Item copy() {
            return new Item(handle, name, layout, values.clone());
        }
    }

    CaptureModel(EveryField fields) {
        this.fields = fields;
        for (int group = 0; group < GROUPS; group++) {
            working.add(new TreeMap<>());
            committed.add(new TreeMap<>());
        }
    }

    int size(int group) {
        return working.get(group).size();
    }

    void create(int group, int layout, ThaPool pool, long handle) {
        Object[] values = fields.of(layout).stream().map(Value::zero).toArray();
        working.get(group).put(pool.objectIdOf(handle), new Item(handle, pool.nameOf(handle), layout, values));
        fields.entered(pool.objectIdOf(handle), handle);
    }

    /** An object of the group; it has some. */
    long anyObject(int group, Random random) {
        return List.copyOf(working.get(group).keySet()).get(random.nextInt(size(group)));
    }

    Item item(int group, long id) {
        return working.get(group).get(id);
    }

    Item delete(int group, long id) {
        return working.get(group).remove(id);
    }

    void commit(int group) {
        copy(working.get(group), committed.get(group));
    }

    void abort(int group) {
        copy(committed.get(group), working.get(group));
    }

    private static void copy(Map<Long, Item> from, Map<Long, Item> to) {
        to.clear();
        from.forEach((id, item) -> to.put(id, item.copy()));
    }

    /** What a standby must have: each object with its name, group, and the fields that are not local. */
    Map<Long, String> committedContent() {
        return content(committed);
    }

    /** What the active must have. */
    Map<Long, String> workingContent() {
        return content(working);
    }

    private Map<Long, String> content(List<Map<Long, Item>> groups) {
        Map<Long, Item> all = new HashMap<>();
        groups.forEach(all::putAll);
        Map<Long, String> content = new TreeMap<>();
        for (int group = 0; group < GROUPS; group++) {
            for (var entry : groups.get(group).entrySet()) {
                Item item = entry.getValue();
                StringBuilder text = new StringBuilder(item.name + " group" + group);
                for (int i = 0; i < item.values.length; i++) {
                    Value value = fields.of(item.layout).get(i);
                    boolean dangles = item.values[i] instanceof Target target && !all.containsKey(target.objectId());
                    append(text, value, dangles ? value.zero() : item.values[i]);
                }
                content.put(entry.getKey(), text.toString());
            }
        }
        return content;
    }

    /** The same of a pool. */
    static Map<Long, String> content(EveryField fields, ThaPool pool) {
        return content(fields, pool, handle -> true);
    }

    /** The same of some objects of a pool. */
    static Map<Long, String> content(EveryField fields, ThaPool pool, LongPredicate some) {
        Map<Long, String> content = new TreeMap<>();
        pool.forEach(handle -> {
            if (!some.test(handle)) {
                return;
            }
            int layout = EveryField.LAYOUTS.stream().map(known -> known.name()).toList().indexOf(pool.layoutOf(handle).name());
            String name = pool.find(pool.nameOf(handle)) == handle ? pool.nameOf(handle) : "not found by its name " + pool.nameOf(handle);
            StringBuilder text = new StringBuilder(name + " group" + pool.groupOf(handle));
            for (Value value : fields.of(layout)) {
                append(text, value, value.getter().get(pool, handle));
            }
            content.put(pool.objectIdOf(handle), text.toString());
        });
        return content;
    }

    private static void append(StringBuilder text, Value value, Object content) {
        if (!value.local()) {
            text.append(' ').append(value.path()).append('=');
            text.append(content instanceof ByteBuffer bytes ? crc(bytes) : content);
        }
    }

    private static long crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.duplicate());
        return crc.getValue();
    }
}
