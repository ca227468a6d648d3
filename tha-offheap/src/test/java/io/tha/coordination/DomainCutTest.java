package io.tha.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainCutTest {
    @Test
    void aStateIsBehindOneThatNeedsMoreOfItsChain() {
        DomainCut first = new DomainCut(0, 5, 3);
        assertFalse(first.isBehind(new DomainCut(1, 5, 9)));
        assertTrue(first.isBehind(new DomainCut(1, 6, 9)));
        assertTrue(new DomainCut(1, 0, 2).isBehind(first));
        assertEquals(0, first.needs(2), "an application that it was never with");
    }

    @Test
    void itIsTheSameInAnotherProcess() {
        DomainCut cut = new DomainCut(2, 5, Long.MAX_VALUE, 7);
        assertEquals(cut, DomainCut.fromBytes(cut.toBytes()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 17})
    void otherLengthsAreRefused(int length) {
        assertThrows(IllegalArgumentException.class, () -> DomainCut.fromBytes(new byte[length]));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2, 1L << 32, Long.MAX_VALUE})
    void anApplicationThatIsNotThereIsRefused(long application) {
        byte[] bytes = new DomainCut(1, 5, 3).toBytes();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, application);
        assertThrows(IllegalArgumentException.class, () -> DomainCut.fromBytes(bytes));
    }
}
