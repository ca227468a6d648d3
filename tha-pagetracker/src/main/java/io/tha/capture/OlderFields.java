package io.tha.capture;

import io.tha.layout.DeclaredField;
import io.tha.layout.Layout;
import io.tha.memory.LineMarks;
import io.tha.memory.ObjectMemory;
import io.tha.pool.LayoutEntry;
import io.tha.pool.PageTable;
import io.tha.pool.PendingChanges;
import io.tha.pool.PoolStructure;
import io.tha.pool.SlabGeometry;
import io.tha.tracker.PageTracker;
import io.tha.tracker.PageTracker.LineConsumer;
import io.tha.transform.Conversions;
import io.tha.transform.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.LongArrayList;

/**
 * Keeps fields that only an earlier version reads in step with those that have taken their place: before a transaction is captured, the rules of each
 * object whose newer fields were written compute the older ones. So they travel as all fields do; docs/versions.md 4.
 *
 * <p>Threads: under the commit lock, by the thread that writes the groups.
 */
public final class OlderFields {
    private static final RuleOfLayout[] NONE = {};

    private final PoolStructure pool;
    private final PageTable pages;
    private final PageTracker tracker;
    private final LineConsumer written = this::written;
    private final LongArrayList objects = new LongArrayList();
    private RuleOfLayout[][] byLayoutId = {};

    OlderFields(PoolStructure pool, PageTracker tracker) {
        this.pool = pool;
        this.tracker = tracker;
        pages = pool.pages();
    }

    /** A rule, and where its fields are in an object. */
    private record RuleOfLayout(Rule rule, Range older, Range newer) {}

    /** From the first byte of some fields to the end of the last one. */
    private record Range(int start, int end) {
        static Range of(Layout layout, List<String> paths) {
            int start = Integer.MAX_VALUE;
            int end = 0;
            for (String path : paths) {
                DeclaredField field = layout.fields().stream()
                        .filter(each -> path.equals(each.name()) || path.startsWith(each.name() + "."))
                        .findFirst()
                        .orElseThrow();
                start = Math.min(start, field.offset());
                end = Math.max(end, field.end());
            }
            return new Range(start, end);
        }
    }

    /** Adds the rules of a layout that is registered; those that it had are forgotten. */
    public void add(Layout layout, Conversions conversions) {
        int id = pool.registry().layout(layout.name()).id();
        List<RuleOfLayout> rules = new ArrayList<>();
        for (Rule rule : conversions.rules()) {
            rules.add(new RuleOfLayout(rule, Range.of(layout, rule.older()), Range.of(layout, rule.newer())));
        }
        if (rules.isEmpty() && id >= byLayoutId.length) {
            return;
        }
        int known = byLayoutId.length;
        byLayoutId = Arrays.copyOf(byLayoutId, Math.max(known, id + 1));
        Arrays.fill(byLayoutId, known, byLayoutId.length, NONE);
        byLayoutId[id] = rules.toArray(RuleOfLayout[]::new);
    }

    /** What was gathered is looked at; what is written here is to be gathered once more. */
    void compute(int[] groups, int groupCount) {
        for (int i = 0; i < groupCount; i++) {
            objects.clear();
            addCreated(pool.pending(groups[i]));
            tracker.collect(groups[i], written);
            for (int j = 0; j < objects.size(); j++) {
                compute(groups[i], objects.getLong(j));
            }
        }
    }

    boolean isEmpty() {
        return byLayoutId.length == 0;
    }

    private RuleOfLayout[] rules(LayoutEntry entry) {
        return entry == null || entry.id() >= byLayoutId.length ? NONE : byLayoutId[entry.id()];
    }

    /** Zeros that nobody has written may mean something else to the older version. */
    private void addCreated(PendingChanges pending) {
        for (int i = 0; i < pending.createdCount(); i++) {
            long handle = pending.created(i);
            if (!pool.isDeleted(handle) && rules(layoutOf(handle)).length > 0) {
                objects.addLong(handle);
            }
        }
    }

    private LayoutEntry layoutOf(long handle) {
        return pool.layoutOn((int) (ObjectMemory.bodyOffset(handle) >>> LineMarks.PAGE_SHIFT));
    }

    private void written(int page, long lines) {
        LayoutEntry entry = pages.slotLength(page) == 0 ? null : pool.layoutOn(page);
        RuleOfLayout[] rules = rules(entry);
        if (rules.length == 0) {
            return;
        }
        int slab = pages.slabFirstPage(page);
        long pageStart = (long) page << LineMarks.PAGE_SHIFT;
        int slot = (int) ((pageStart - ((long) slab << LineMarks.PAGE_SHIFT)) / entry.slotLength());
        for (; slot < entry.slabSlots(); slot++) {
            long body = SlabGeometry.bodyOffset(slab, entry.slotLength(), slot);
            if (body >= pageStart + LineMarks.PAGE_LENGTH) {
                return;
            }
            long handle = pool.checkWord(body) ^ entry.key();
            if (ObjectMemory.bodyOffset(handle) == body && isOneNeeded(rules, body - pageStart, lines)) {
                objects.addLong(handle);
            }
        }
    }

    private static boolean isOneNeeded(RuleOfLayout[] rules, long bodyInPage, long lines) {
        for (RuleOfLayout rule : rules) {
            long from = Math.max(0, bodyInPage + rule.newer().start());
            long to = Math.min(LineMarks.PAGE_LENGTH, bodyInPage + rule.newer().end());
            if (from < to && (lines & mask(from >>> LineMarks.LINE_SHIFT, (to - 1) >>> LineMarks.LINE_SHIFT)) != 0) {
                return true;
            }
        }
        return false;
    }

    private static long mask(long firstLine, long lastLine) {
        return -1L << firstLine & -1L >>> Long.SIZE - 1 - lastLine;
    }

    private void compute(int group, long object) {
        for (RuleOfLayout rule : rules(layoutOf(object))) {
            Range older = rule.older();
            tracker.touch(group, ObjectMemory.bodyOffset(object) + older.start(), (long) older.end() - older.start());
            rule.rule().computeOlder(pool.pool(), object);
        }
    }
}
