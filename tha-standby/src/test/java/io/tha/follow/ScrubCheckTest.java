package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.region.FrameDescriptor;
import io.tha.testkit.DomainDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy whose active's image has other objects, as if a transaction had been lost on the way; and SCRUB frames that make no sense. */
class ScrubCheckTest {
    private static final Layout ITEM = Layout.named("Item").int64("value").pointer("other").build();
    private static final LongField VALUE = ITEM.int64Field("value");

    private final DomainDirectory directory = DomainDirectory.create();
    private ScriptedActive active;
    private Copy copy;
    private long first;

    @BeforeEach
    void open() {
        active = new ScriptedActive(directory.path(), ITEM);
        copy = Copy.fromBeginning(active, directory.resolve("copy.pool"));
        for (int i = 0; i < 300; i++) {
            first = active.pool.allocate(ITEM, "item" + i);
            create(first);
            active.advance();
        }
        active.scrub();
        copy.follow();
        assertEquals(300, copy.findings.status().objects());
        assertEquals(0, copy.findings.status().suspects());
    }

    @AfterEach
    void close() {
        copy.close();
        active.close();
        directory.close();
    }

    private void create(long handle) {
        active.begin();
        active.create(handle);
        active.publish();
        copy.follow();
    }

    private void assertRebuilt(String why) {
        active.scrub();
        String message = assertThrows(CorruptRegionException.class, copy::follow).getMessage();
        assertEquals(1, copy.findings.status().rebuilt());
        assertTrue(message.contains(why), message);
    }

    @Test
    void anObjectThatTheCopyHasNotIsMissed() {
        active.image.create(active.pool.structure(), active.pool.allocate(ITEM, "lost"));

        assertRebuilt("the active has an object");
    }

    @Test
    void anObjectThatOnlyTheCopyHasIsTooMany() {
        create(active.pool.allocate(ITEM, "more"));

        assertRebuilt("objects");
    }

    @Test
    void aDeletionThatWasLostIsFound() {
        active.image.delete(first);

        assertRebuilt("objects");
    }

    @Test
    void anUpdateThatWasLostIsSuspected() {
        VALUE.set(active.pool, first, 7);
        active.image.update(ObjectMemory.bodyOffset(first), active.pool.address(first), Long.BYTES);

        active.scrub();
        copy.follow();

        assertEquals(1, copy.findings.status().suspects());
        assertEquals(1, copy.findings.status().unrepaired());
    }

    @Test
    void framesThatMakeNoSenseAreRefused() {
        long body = Memory.allocate(64);
        try {
            for (int bad = 0; bad < 5; bad++) {
                Memory.putLong(body, bad == 0 ? -1 : 8_192);
                Memory.putLong(body + 8, bad == 1 ? 0 : 1 << 20);
                Memory.putInt(body + 16, bad == 2 ? Integer.MAX_VALUE : 0);
                Memory.putInt(body + 20, bad == 2 ? 8 : 0);
                Memory.putLong(body + 24, bad == 3 ? 3 : 1);
                Memory.putLong(body + 32, bad == 4 ? 5 : first);
                active.scrub(body, FrameDescriptor.SCRUB_ENTRIES_OFFSET - FrameDescriptor.HEADER_LENGTH + FrameDescriptor.SCRUB_ENTRY_LENGTH);

                assertThrows(CorruptRegionException.class, copy::follow, "frame " + bad);

                copy.close();
                copy = Copy.late(active, directory.resolve("copy" + bad + ".pool"));
                copy.bootstrap();
            }
        } finally {
            Memory.free(body);
        }
    }
}
