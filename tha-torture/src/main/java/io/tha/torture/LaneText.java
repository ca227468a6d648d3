package io.tha.torture;

import io.tha.layout.BytesField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.layout.PointerField;
import io.tha.layout.Utf8Field;
import io.tha.pool.ThaPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The layouts of the service, and its state written down: every object with every field. */
final class LaneText {
    static final Layout LANE = Layout.named("Lane").int64("sequence").pointer("newest", "Entry").build();
    static final Layout ACCOUNT =
            Layout.named("Account").int64("balance").int64("stamp").utf8("text", 16).pointer("last", "Entry").build();
    static final Layout ENTRY = Layout.named("Entry").int64("id").pointer("owner", "Account").pointer("previous", "Entry").build();
    static final Layout MEMO = Layout.named("Memo").int64("stamp").build();
    static final Layout BLOB = Layout.named("Blob").int64("stamp").bytes("content", Plan.BLOB_LENGTH).build();

    static final LongField SEQUENCE = LANE.int64Field("sequence");
    static final PointerField NEWEST = LANE.pointerField("newest");
    static final LongField BALANCE = ACCOUNT.int64Field("balance");
    static final LongField ACCOUNT_STAMP = ACCOUNT.int64Field("stamp");
    static final Utf8Field TEXT = ACCOUNT.utf8Field("text");
    static final PointerField LAST = ACCOUNT.pointerField("last");
    static final LongField ID = ENTRY.int64Field("id");
    static final PointerField OWNER = ENTRY.pointerField("owner");
    static final PointerField PREVIOUS = ENTRY.pointerField("previous");
    static final LongField MEMO_STAMP = MEMO.int64Field("stamp");
    static final LongField BLOB_STAMP = BLOB.int64Field("stamp");
    static final BytesField CONTENT = BLOB.bytesField("content");

    private LaneText() {}

    static Layout[] layouts() {
        return new Layout[] {LANE, ACCOUNT, ENTRY, MEMO, BLOB};
    }

    /** How many transactions of a lane this state has. */
    static long sequence(ThaPool pool, int lane) {
        long root = pool.find("lane-" + lane);
        return root == 0 ? 0 : SEQUENCE.get(pool, root);
    }

    /** The lines of each lane, as {@link LaneModel#lines} has them; one more list for what belongs to none. */
    static List<List<String>> lines(ThaPool pool) {
        List<List<String>> lanes = new ArrayList<>();
        for (int i = 0; i <= Plan.LANES; i++) {
            lanes.add(new ArrayList<>());
        }
        pool.forEach(object -> {
            String name = pool.nameOf(object);
            String line = pool.find(name) == object ? line(pool, object, name) : name + " is not found by its name";
            lanes.get(laneOf(name)).add(line);
        });
        lanes.forEach(Collections::sort);
        return lanes;
    }

    private static int laneOf(String name) {
        int digit = name.indexOf('-') + 1;
        int lane = digit == 0 ? Plan.LANES : name.charAt(digit) - '0';
        return lane < 0 || lane > Plan.LANES ? Plan.LANES : lane;
    }

    private static String line(ThaPool pool, long object, String name) {
        return switch (pool.layoutOf(object).name()) {
            case "Lane" -> name + " " + SEQUENCE.get(pool, object) + " " + target(pool, NEWEST.get(pool, object));
            case "Account" -> name + " " + BALANCE.get(pool, object) + " " + ACCOUNT_STAMP.get(pool, object) + " '" + TEXT.get(pool, object) + "' "
                    + target(pool, LAST.get(pool, object));
            case "Entry" -> target(pool, object) + " " + target(pool, OWNER.get(pool, object)) + " " + target(pool, PREVIOUS.get(pool, object));
            case "Memo" -> name + " " + MEMO_STAMP.get(pool, object);
            default -> name + " " + BLOB_STAMP.get(pool, object) + " " + content(pool, object);
        };
    }

    private static long content(ThaPool pool, long blob) {
        byte[] content = new byte[Plan.BLOB_LENGTH];
        CONTENT.get(pool, blob, 0, content);
        return LaneModel.crc(content);
    }

    private static String target(ThaPool pool, long pointer) {
        long object = pool.objectAt(pointer);
        if (object == 0) {
            return LaneModel.NOWHERE;
        }
        String name = pool.nameOf(object);
        int number = name.indexOf('#');
        return number < 0 ? name : name.substring(0, number) + " " + ID.get(pool, object);
    }
}
