package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.Outcome;
import io.tha.TransactionAbortedException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** An application and its standby, beside a model of them: whole states before and after each undecided part. */
final class CoordinatedModel implements AutoCloseable {
    private static final Layout ITEM = Layout.named("Item").int64Array("values", 5).build();
    private static final LongField VALUES = ITEM.int64Field("values");
    private static final int VALUE_COUNT = 5;
    private static final int SMALL = 3;
    private static final int MOST_WRITES = 6;
    private static final int MOST_OBJECTS = 40;

    private final String name;
    private final Random random;
    private final ThaApplication application;
    private final ThaStandby standby;
    private final List<Part> parts = new ArrayList<>();
    private Map<String, List<Long>> decided = new TreeMap<>();
    private Map<String, List<Long>> working = new TreeMap<>();
    private Transaction open;
    private boolean isPart;
    private final List<String> steps = new ArrayList<>();
    private int created;
    private int committed;
    private int aborted;

    private record Part(long id, Map<String, List<Long>> after) {}

    CoordinatedModel(Path domain, String name, Random random) throws InterruptedException {
        this(domain, name, random, Duration.ZERO);
    }

    CoordinatedModel(Path domain, String name, Random random, Duration lease) throws InterruptedException {
        this.name = name;
        this.random = random;
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).lease(lease).build();
        application = ThaApplication.open(domain, name, config);
        application.register(ITEM);
        standby = ThaStandby.open(domain, name, config);
        standby.register(ITEM);
        standby.awaitReady();
    }

    String name() {
        return name;
    }

    ThaApplication application() {
        return application;
    }

    int committed() {
        return committed;
    }

    int aborted() {
        return aborted;
    }

    int undecided() {
        return parts.size();
    }

    boolean isOpen() {
        return open != null;
    }

    /** A transaction of its own: given up where it would wait for others. */
    void alone() {
        if (open != null) {
            return;
        }
        open = application.begin();
        steps.add("begin");
        write();
        if (parts.isEmpty()) {
            open.commit();
            steps.add("commit");
            decided = copy(working);
            close(open);
        } else {
            giveUp();
        }
    }

    void join(long id) {
        try {
            open = application.join(id);
            isPart = true;
            steps.add("join " + id);
            write();
        } catch (TransactionAbortedException | IllegalArgumentException e) {
            open = null; // It is aborted, and maybe all others have acted on that.
        }
    }

    /** Writes more, is done, or gives the part up. */
    void goOn() {
        switch (random.nextInt(8)) {
            case 0 -> giveUp();
            case 1, 2 -> write();
            case 3 -> {
                steps.add("flush");
                open.flush();
            }
            default -> done();
        }
    }

    void done() {
        long id = open.id();
        Outcome outcome = open.done();
        steps.add("done " + id + " " + outcome);
        close(open);
        if (outcome == Outcome.ABORTED && parts.stream().noneMatch(part -> part.id == id)) {
            aborted++;
            working = copy(parts.isEmpty() ? decided : parts.get(parts.size() - 1).after);
        } else {
            parts.add(new Part(id, copy(working)));
        }
    }

    void endOpen() {
        if (open != null) {
            giveUp();
        }
    }

    private void giveUp() {
        open.abort();
        steps.add("abort");
        close(open);
        working = copy(parts.isEmpty() ? decided : parts.get(parts.size() - 1).after);
    }

    private void close(Transaction transaction) {
        transaction.close();
        open = null;
        isPart = false;
    }

    private void write() {
        int writes = 1 + random.nextInt(MOST_WRITES);
        for (int i = 0; i < writes; i++) {
            int choice = random.nextInt(10);
            if (working.isEmpty() || choice < 2 && working.size() < MOST_OBJECTS) {
                create();
            } else if (choice < 3) {
                delete();
            } else {
                change();
            }
        }
    }

    private void create() {
        String object = name + "-" + created++;
        long handle = application.pool().allocate(ITEM, object);
        steps.add("create " + object + " at " + Long.toHexString(handle));
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < VALUE_COUNT; i++) {
            values.add(0L);
        }
        working.put(object, values);
    }

    private String any() {
        List<String> names = new ArrayList<>(working.keySet());
        return names.get(random.nextInt(names.size()));
    }

    private void delete() {
        String object = any();
        application.pool().delete(application.pool().find(object));
        steps.add("delete " + object);
        working.remove(object);
    }

    /** Few values, so that one often becomes what it was before. */
    private void change() {
        String object = any();
        int index = random.nextInt(VALUE_COUNT);
        long value = random.nextInt(SMALL);
        VALUES.set(application.pool(), application.pool().find(object), index, value);
        steps.add(object + "[" + index + "] = " + value);
        List<Long> values = new ArrayList<>(working.get(object));
        values.set(index, value);
        working.put(object, values);
    }

    /** Lets the application act on what is decided, and the model with it. */
    void settle() {
        while (!parts.isEmpty()) {
            Outcome outcome = application.awaitDecision(parts.get(0).id, Duration.ZERO);
            if (outcome == Outcome.COMMITTED) {
                steps.add("committed " + parts.get(0).id);
                decided = parts.remove(0).after;
                committed++;
            } else {
                settleAborts();
                return;
            }
        }
    }

    /** The first aborted one, and all behind it; an open transaction with them, which learns of it when it ends. */
    private void settleAborts() {
        for (int i = 0; i < parts.size(); i++) {
            if (application.outcome(parts.get(i).id) == Outcome.ABORTED) {
                Map<String, List<Long>> before = i == 0 ? decided : parts.get(i - 1).after;
                aborted += parts.size() - i;
                steps.add("aborted from " + parts.get(i).id);
                parts.subList(i, parts.size()).clear();
                working = copy(before);
                return;
            }
        }
    }

    private static Map<String, List<Long>> copy(Map<String, List<Long>> state) {
        return new TreeMap<>(state);
    }

    void check() {
        assertEquals(working, read(application.pool()), () -> name + ", open: " + open + (isPart ? ", a part" : "") + " " + steps);
        while (!application.isFollowed()) {
            Thread.onSpinWait();
        }
        assertEquals(decided, standby.read(CoordinatedModel::read), () -> "standby of " + name + " " + steps);
    }

    private static Map<String, List<Long>> read(ThaPool pool) {
        Map<String, List<Long>> state = new TreeMap<>();
        pool.forEach(handle -> {
            List<Long> values = new ArrayList<>();
            for (int i = 0; i < VALUE_COUNT; i++) {
                values.add(VALUES.get(pool, handle, i));
            }
            state.put(pool.nameOf(handle), values);
        });
        return state;
    }

    @Override
    public void close() {
        endOpen();
        standby.close();
        application.close();
    }
}
