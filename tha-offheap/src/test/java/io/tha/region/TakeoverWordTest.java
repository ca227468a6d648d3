package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tha.CorruptRegionException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TakeoverWordTest {
    @Test
    void whatIsPackedIsUnpacked() {
        Random random = new Random(7);
        List<TakeoverState> states = List.of(TakeoverState.values());
        for (int i = 0; i < 10_000; i++) {
            TakeoverState state = states.get(random.nextInt(states.size()));
            int slot = random.nextInt(TakeoverWord.MAX_SLOT + 1);
            int epoch = i == 0 ? TakeoverWord.MAX_EPOCH : random.nextInt(TakeoverWord.MAX_EPOCH + 1);
            int served = i == 0 ? epoch : random.nextInt(epoch + 1);

            long word = TakeoverWord.word(state, slot, epoch, served);

            assertEquals(state, TakeoverWord.state(word));
            assertEquals(slot, TakeoverWord.slot(word));
            assertEquals(epoch, TakeoverWord.epoch(word));
            assertEquals(served, TakeoverWord.servedEpoch(word));
        }
    }

    @Test
    void zeroIsNone() {
        assertEquals(0, TakeoverWord.word(TakeoverState.NONE, 0, 0, 0));
        assertEquals("NONE(epoch 0, slot 0, served epoch 0)", TakeoverWord.describe(0));
    }

    @Test
    void rangesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> TakeoverWord.word(TakeoverState.CLAIMED, 256, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> TakeoverWord.word(TakeoverState.CLAIMED, -1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> TakeoverWord.word(TakeoverState.CLAIMED, 1, TakeoverWord.MAX_EPOCH + 1L, 0));
        assertThrows(IllegalArgumentException.class, () -> TakeoverWord.word(TakeoverState.CLAIMED, 1, 1, 2));
        assertThrows(CorruptRegionException.class, () -> TakeoverWord.state(15));
        assertEquals("state 15(epoch 0, slot 0, served epoch 0)", TakeoverWord.describe(15));
    }
}
