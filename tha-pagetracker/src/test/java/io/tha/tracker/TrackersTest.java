package io.tha.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.ThaException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which tracker is used where some are missing. */
class TrackersTest {
    private static final List<TrackerKind> CHAIN = List.of(TrackerKind.USERFAULTFD, TrackerKind.MPROTECT, TrackerKind.COMPARE);

    private static TrackerKind chosen(Set<TrackerKind> missing) {
        return Trackers.firstOf(kind -> missing.contains(kind) ? "not here" : null, CHAIN);
    }

    @Test
    void theFirstThatIsThereIsUsed() {
        assertEquals(TrackerKind.USERFAULTFD, chosen(EnumSet.noneOf(TrackerKind.class)));
        assertEquals(TrackerKind.MPROTECT, chosen(EnumSet.of(TrackerKind.USERFAULTFD)));
        assertEquals(TrackerKind.USERFAULTFD, chosen(EnumSet.of(TrackerKind.MPROTECT)));
        assertEquals(TrackerKind.COMPARE, chosen(EnumSet.of(TrackerKind.USERFAULTFD, TrackerKind.MPROTECT)));
    }

    @Test
    void whereNoneIsThereTheReasonIsTold() {
        ThaException none = assertThrows(ThaException.class, () -> chosen(EnumSet.copyOf(CHAIN)));
        assertTrue(none.getMessage().startsWith("tracker COMPARE cannot be used here: not here"), none.getMessage());
    }

    @Test
    void whatWritesByAddressGetsOneThatSeesIt() {
        assertTrue(Trackers.choose(TrackerKind.AUTO, null, true).seesRawWrites());
        assertEquals(TrackerKind.SOFTWARE, Trackers.choose(TrackerKind.AUTO, null, false));
    }
}
