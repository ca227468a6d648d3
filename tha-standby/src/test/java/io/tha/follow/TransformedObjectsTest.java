package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import io.tha.transform.Conversions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values that were read while the active wrote them, and do not fit, count only if they were committed; frames that cut a value are refused. */
class TransformedObjectsTest {
    private static final Layout WIDE = Layout.named("Counter").int64("count").build();
    private static final Layout NARROW = Layout.named("Counter").int32("count").build();
    private static final LongField COUNT = WIDE.int64Field("count");

    private final DomainDirectory directory = DomainDirectory.create();
    private final Joiner.Version version = Joiner.Version.undeclared();
    private ScriptedActive active;
    private Copy copy;
    private long counter;

    @BeforeEach
    void commitOne() {
        active = new ScriptedActive(directory.path(), WIDE);
        version.layouts().add(NARROW, Conversions.NONE);
        counter = active.pool.allocate(WIDE, "counter");
    }

    @AfterEach
    void close() {
        copy.close();
        active.close();
        directory.close();
    }

    private void commit(long count) {
        COUNT.set(active.pool, counter, count);
        active.begin();
        active.create(counter);
        active.update(counter, 0, Long.BYTES, true);
        active.publish();
        active.advance();
    }

    /** The image has four bytes of the new value, and four of the old one. */
    private void publishTorn(long count) {
        COUNT.set(active.pool, counter, count);
        active.begin();
        active.update(counter, 0, Long.BYTES, true);
        active.publish();
        long body = ObjectMemory.bodyOffset(counter);
        active.image.update(body, active.pool.structure().memory().base() + body, Integer.BYTES);
    }

    @Test
    void aTornValueIsForgottenWhenItIsRedone() {
        commit(-1);
        copy = Copy.late(active, directory.resolve("copy.pool"), version);
        publishTorn(1);

        copy.bootstrap();

        assertEquals(1, NARROW.int32Field("count").get(copy.pool, copy.handle(counter)));
        assertEquals(Map.of(), version.losses().status().values());
    }

    @Test
    void aTornValueOfAnObjectThatIsDeletedIsForgotten() {
        commit(-1);
        copy = Copy.late(active, directory.resolve("copy.pool"), version);
        active.begin();
        active.pool.delete(counter);
        active.delete(counter);
        active.publish();
        long body = ObjectMemory.bodyOffset(counter);
        active.image.update(body, active.image.memory().base() + body - Long.BYTES, Integer.BYTES);

        copy.bootstrap();

        assertEquals(0, copy.replica.peers().find(counter));
        assertEquals(Map.of(), version.losses().status().values());
    }

    @Test
    void framesThatCutAValueAreRefused() {
        commit(7);
        copy = Copy.late(active, directory.resolve("copy.pool"), version);
        copy.bootstrap();
        for (int start : new int[] {0, 4}) {
            active.begin();
            active.sendNonsense(counter, start, 4, start == 0);
            active.publish();

            String refusal = assertThrows(CorruptRegionException.class, copy::follow).getMessage();

            assertTrue(refusal.contains("field 'count'"), refusal);
            assertEquals(7, NARROW.int32Field("count").get(copy.pool, copy.handle(counter)));
        }
    }

    @Test
    void aCommittedValueThatDoesNotFitIsRefusedWhenAllIsRedone() {
        commit(1L << 40);
        copy = Copy.late(active, directory.resolve("copy.pool"), version);

        LayoutMismatchException refusal = assertThrows(LayoutMismatchException.class, copy::bootstrap);

        assertTrue(refusal.getMessage().contains("'counter': int64 " + (1L << 40)), refusal.getMessage());
        assertEquals(Map.of("Counter.count", 1L), version.losses().status().values());
    }
}
