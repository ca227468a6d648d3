package io.tha.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class ThreadSliceTest {
    @Test
    void aThreadGetsBackTheSliceThatItHad() {
        long before = ThreadSlice.shorten();
        assumeTrue(before > 0, "this kernel lets no thread choose its slice");

        long shortened = ThreadSlice.shorten();
        ThreadSlice.restore(before);

        assertEquals(100_000, shortened, "the slice that was asked for");
        assertEquals(before, ThreadSlice.shorten(), "the slice that was given back");
        ThreadSlice.restore(before);
    }
}
