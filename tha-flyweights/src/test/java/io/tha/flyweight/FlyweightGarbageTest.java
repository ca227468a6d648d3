package io.tha.flyweight;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Accesses make no garbage, except where a String is made. */
class FlyweightGarbageTest {
    private static final int OBJECTS = 100;
    private static final int ROUNDS = 50;

    @AutoClose
    private final DomainDirectory directory = DomainDirectory.create();

    private final byte[] bytes = new byte[5];

    @Test
    void accessesMakeNoGarbage() {
        try (ThaPool pool = ThaPool.create(directory.resolve("pool"), 2 << 20)) {
            pool.register(EveryKindFlyweight.LAYOUT);
            pool.structure().setTracked(true);
            long[] objects = new long[OBJECTS];
            for (int i = 0; i < OBJECTS; i++) {
                objects[i] = pool.allocateDynamic(EveryKindFlyweight.LAYOUT);
            }
            EveryKindFlyweight every = new EveryKindFlyweight();
            ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            double sum = 0;

            for (int round = 0; round < ROUNDS; round++) {
                pool.structure().lineMarks().clear(0);
                long before = memory.getCurrentThreadAllocatedBytes();
                for (long object : objects) {
                    sum += access(every.wrap(pool, object));
                }
                least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
            }

            assertTrue(sum > 0);
            assertTrue(least < OBJECTS, OBJECTS + " objects allocated " + least + " bytes at least");
        }
    }

    private double access(EveryKind every) {
        every.int64(every.int64() + 1);
        every.addInt32s(7, 3);
        every.flags(1, !every.flags(1));
        every.stop(every.stop() + 1);
        every.text("ASCII");
        every.texts(2, "more");
        every.bytes(bytes, 9);
        every.bytes(9, bytes);
        Place place = every.stops(2).exits(1);
        place.label("north");
        place.floors(1, (short) 12);
        every.route().ticket(bytes, 0);
        every.route().ticket(0, bytes);
        return place.addX(0.5) + (every.textEquals("ASCII") ? 1 : 0) + (place.labelEquals("north") ? 1 : 0);
    }
}
