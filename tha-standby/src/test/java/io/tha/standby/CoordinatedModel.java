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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** An application and its standby, beside a model of them: whole states before and after each undecided part. */
final class CoordinatedModel implements AutoCloseable {
    private static final Layout ITEM = Layout.named("Item").int64Array("values", 5).build();
    private static final LongField VALUES = ITEM.int64Field("values");
    private static final int VALUE_COUNT = 5;
    private static final int SMALL = 3;
    private static final int MOST_WRITES = 6;
    private static final int MOST_OBJECTS = 40;

    private static final int GROUPS = 2;

    private final String name;
    private final Random random;
    private final ThaApplication application;
    private final ThaStandby standby;
    private final List<Part> parts = new ArrayList<>();
    /** By group. */
    private final List<Map<String, List<Long>>> decided = new ArrayList<>();

    private final List<Map<String, List<Long>>> working = new ArrayList<>();
    /** Who has claimed a group; null if nobody has. */
    private final Open[] open = new Open[GROUPS];

    private final List<String> steps = new ArrayList<>();
    private int created;
    private int committed;
    private int aborted;

    private record Open(Transaction transaction, boolean isPart, List<Integer> groups) {}

    /** What its groups have behind it. */
    private record Part(long id, Map<Integer, Map<String, List<Long>>> after) {}

    CoordinatedModel(Path domain, String name, Random random) throws InterruptedException {
        this(domain, name, random, Duration.ZERO);
    }

    CoordinatedModel(Path domain, String name, Random random, Duration lease) throws InterruptedException {
        this.name = name;
        this.random = random;
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).lease(lease).build();
        application = ThaApplication.open(domain, name, config);
        application.register(ITEM);
        for (int group = 0; group < GROUPS; group++) {
            if (group > 0) {
                assertEquals(group, application.pool().createGroup("group " + group));
            }
            decided.add(new TreeMap<>());
            working.add(new TreeMap<>());
        }
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

    /** Whether it may begin one more in this thread: who begins while something has to be undone, waits for those that are open. */
    boolean mayBegin(Predicate<Long> isAborted) {
        return !freeGroups().isEmpty() && (!isOpen() || parts.stream().noneMatch(part -> isAborted.test(part.id)));
    }

    boolean isOpen() {
        return freeGroups().size() < GROUPS;
    }

    private List<Integer> freeGroups() {
        return IntStream.range(0, GROUPS).filter(group -> open[group] == null).boxed().toList();
    }

    /** All free groups, or one of them. */
    private List<Integer> someGroups() {
        List<Integer> free = freeGroups();
        return random.nextBoolean() ? free : List.of(free.get(random.nextInt(free.size())));
    }

    private static int[] array(List<Integer> groups) {
        return groups.stream().mapToInt(Integer::intValue).toArray();
    }

    private void opened(Transaction transaction, boolean isPart, List<Integer> groups) {
        Open begun = new Open(transaction, isPart, groups);
        groups.forEach(group -> open[group] = begun);
        write(begun);
    }

    /** A transaction of its own. */
    void begin() {
        List<Integer> groups = someGroups();
        steps.add("begin " + groups);
        opened(groups.size() == GROUPS ? application.begin() : application.begin(array(groups)), false, groups);
    }

    void join(long id) {
        List<Integer> groups = someGroups();
        try {
            Transaction transaction = groups.size() == GROUPS ? application.join(id) : application.join(id, array(groups));
            steps.add("join " + id + " with " + groups);
            opened(transaction, true, groups);
        } catch (TransactionAbortedException | IllegalArgumentException e) {
            steps.add("no join " + id); // It is aborted, and maybe all others have acted on that.
        }
    }

    private Open anyOpen() {
        List<Open> all = Arrays.stream(open).filter(Objects::nonNull).toList();
        return all.get(random.nextInt(all.size()));
    }

    /** Writes more, is done, or gives up. */
    void goOn() {
        Open begun = anyOpen();
        switch (random.nextInt(16)) {
            case 0 -> giveUp(begun);
            case 1, 2, 3, 4 -> write(begun);
            case 5, 6 -> {
                steps.add("flush " + begun.groups);
                begun.transaction.flush();
            }
            default -> end(begun);
        }
    }

    /** A transaction of its own is given up where it would wait for others. */
    private void end(Open begun) {
        if (begun.isPart) {
            done(begun);
        } else if (parts.isEmpty()) {
            begun.transaction.commit();
            steps.add("commit " + begun.groups);
            begun.groups.forEach(group -> decided.set(group, copy(working.get(group))));
            close(begun);
        } else {
            giveUp(begun);
        }
    }

    void done() {
        done(anyOpen());
    }

    private void done(Open begun) {
        long id = begun.transaction.id();
        Outcome outcome = begun.transaction.done();
        steps.add("done " + id + " " + outcome);
        close(begun);
        if (outcome == Outcome.ABORTED) {
            aborted++;
            begun.groups.forEach(this::restore);
        } else {
            Map<Integer, Map<String, List<Long>>> after = new TreeMap<>();
            begun.groups.forEach(group -> after.put(group, copy(working.get(group))));
            parts.add(new Part(id, after));
        }
    }

    void endOpen() {
        Arrays.stream(open).filter(Objects::nonNull).distinct().forEach(this::giveUp);
    }

    private void giveUp(Open begun) {
        begun.transaction.abort();
        steps.add("abort " + begun.groups);
        close(begun);
        begun.groups.forEach(this::restore);
    }

    private void close(Open begun) {
        begun.transaction.close();
        begun.groups.forEach(group -> open[group] = null);
    }

    /** What the last part has left of a group, if there is one. */
    private void restore(int group) {
        Map<String, List<Long>> state = decided.get(group);
        for (Part part : parts) {
            state = part.after.getOrDefault(group, state);
        }
        working.set(group, copy(state));
    }

    private void write(Open begun) {
        int writes = 1 + random.nextInt(MOST_WRITES);
        for (int i = 0; i < writes; i++) {
            int group = begun.groups.get(random.nextInt(begun.groups.size()));
            Map<String, List<Long>> state = working.get(group);
            int choice = random.nextInt(10);
            if (state.isEmpty() || choice < 2 && state.size() < MOST_OBJECTS) {
                create(group);
            } else if (choice < 3) {
                delete(state);
            } else {
                change(state);
            }
        }
    }

    private void create(int group) {
        String object = name + "-" + created++;
        long handle = application.pool().allocate(ITEM, object, group);
        steps.add("create " + object + " in " + group + " at " + Long.toHexString(handle));
        working.get(group).put(object, Collections.nCopies(VALUE_COUNT, 0L));
    }

    private String any(Map<String, List<Long>> state) {
        List<String> names = new ArrayList<>(state.keySet());
        return names.get(random.nextInt(names.size()));
    }

    private void delete(Map<String, List<Long>> state) {
        String object = any(state);
        application.pool().delete(application.pool().find(object));
        steps.add("delete " + object);
        state.remove(object);
    }

    /** Few values, so that one often becomes what it was before. */
    private void change(Map<String, List<Long>> state) {
        String object = any(state);
        int index = random.nextInt(VALUE_COUNT);
        long value = random.nextInt(SMALL);
        VALUES.set(application.pool(), application.pool().find(object), index, value);
        steps.add(object + "[" + index + "] = " + value);
        List<Long> values = new ArrayList<>(state.get(object));
        values.set(index, value);
        state.put(object, values);
    }

    /** Lets the application act on what is decided, and the model with it. */
    void settle() {
        while (!parts.isEmpty()) {
            Outcome outcome = application.awaitDecision(parts.get(0).id, Duration.ZERO);
            if (outcome == Outcome.COMMITTED) {
                steps.add("committed " + parts.get(0).id);
                parts.remove(0).after.forEach(decided::set);
                committed++;
            } else {
                settleAborts();
                return;
            }
        }
    }

    /** The first aborted one, and all behind it; nobody is open then. */
    private void settleAborts() {
        for (int i = 0; i < parts.size(); i++) {
            if (application.outcome(parts.get(i).id) == Outcome.ABORTED) {
                aborted += parts.size() - i;
                steps.add("aborted from " + parts.get(i).id);
                parts.subList(i, parts.size()).clear();
                IntStream.range(0, GROUPS).forEach(this::restore);
                return;
            }
        }
    }

    private static Map<String, List<Long>> copy(Map<String, List<Long>> state) {
        return new TreeMap<>(state);
    }

    private static Map<String, List<Long>> union(List<Map<String, List<Long>>> states) {
        Map<String, List<Long>> all = new TreeMap<>();
        states.forEach(all::putAll);
        return all;
    }

    void check() {
        assertEquals(union(working), read(application.pool()), () -> name + ", open: " + Arrays.toString(open) + " " + steps);
        while (!application.isFollowed()) {
            Thread.onSpinWait();
        }
        assertEquals(union(decided), standby.read(CoordinatedModel::read), () -> "standby of " + name + " " + steps);
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
