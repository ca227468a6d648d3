package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.region.OpenTransaction;
import io.tha.testkit.DomainDirectory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy that has applied a part before the active has acted upon the decision: what the active sends meanwhile is of the state before that. */
class AheadOfLogTest {
    private static final Layout ITEM = Layout.named("Item").int64("value").build();
    private static final LongField VALUE = ITEM.int64Field("value");

    private final DomainDirectory directory = DomainDirectory.create();
    private ScriptedActive active;
    private Copy copy;
    private long kept;
    private long gone;
    private long id;
    private OpenTransaction part;

    /** The part changes one object, deletes another one, and creates a third one. */
    @BeforeEach
    void goAhead() {
        active = new ScriptedActive(directory.path(), ITEM);
        copy = Copy.fromBeginning(active, directory.resolve("copy.pool"));
        kept = create("kept");
        gone = create("gone");
        active.advance();
        copy.follow();
        id = active.beginPart();
        active.create(active.pool.allocate(ITEM, "new"));
        write(kept, 2);
        active.delete(gone);
        part = active.publishPart();
        copy.follow();
        assertEquals(1, value(kept));
        copy.goAhead(id);
        assertEquals(2, value(kept));
    }

    private long create(String name) {
        long handle = active.pool.allocate(ITEM, name);
        active.begin();
        active.create(handle);
        write(handle, 1);
        active.publish();
        return handle;
    }

    private void write(long handle, long value) {
        VALUE.set(active.pool, handle, value);
        active.update(handle, 0, Long.BYTES, true);
    }

    private long value(long handle) {
        return VALUE.get(copy.pool, copy.handle(handle));
    }

    @AfterEach
    void close() {
        copy.close();
        active.close();
        directory.close();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        copy.pool.forEach(handle -> names.add(copy.pool.nameOf(handle)));
        Collections.sort(names);
        return names;
    }

    private void commit() {
        active.pool.delete(gone);
        active.commitPart(id, part);
        active.advance();
        copy.follow();
        assertFalse(copy.isAhead());
    }

    @Test
    void whatTheLogCommitsLaterIsNotAppliedOnceMore() {
        long transactions = copy.replica.transactions();

        commit();

        assertEquals(2, value(kept));
        assertEquals(transactions, copy.replica.transactions());
        assertEquals(List.of("kept", "new"), names());
    }

    @Test
    void hashesOfTheStateBeforeItAreNotForIt() {
        active.scrub();
        copy.follow();
        assertEquals(0, copy.findings.status().objects());

        commit();
        active.scrub();
        copy.follow();
        assertEquals(2, copy.findings.status().objects());
        assertEquals(0, copy.findings.status().suspects());
    }

    @Test
    void anObjectThatIsSentOnceMoreIsNotBroughtBackToTheStateBeforeIt() {
        active.answer(kept);
        active.answer(gone);
        copy.follow();

        assertTrue(copy.isAhead());
        assertEquals(2, value(kept));
        commit();
        assertEquals(2, value(kept));
    }

    /** The writer of the log repeats what undecided transactions have published, as often as the ring comes around. */
    @Test
    void whatTheLogRepeatsOfItIsNotTakenForAnotherPart() {
        for (long filler = 0; filler < 2_000; filler++) {
            active.begin();
            active.update(kept, 0, 0, true);
            active.publish();
            active.image.appliedRelease(active.tail());
            copy.follow();
        }
        assertTrue(copy.isAhead());
        assertEquals(0, copy.undecidedParts());

        commit();
        assertEquals(2, value(kept));
    }
}
