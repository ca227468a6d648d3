package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.Layout;
import io.tha.transform.FieldMapping.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two versions beside each other, in both directions. */
class LayoutComparisonTest {
    private static final Layout LEG = Layout.named("Leg").utf8("code", 3).build();
    private static final Layout LONGER_LEG = Layout.named("Leg").utf8("code", 5).build();

    private final LayoutFile older = LayoutFile.of(
                    Layout.named("Airport").utf8("code", 8).int32("delay").int16("gates").build(),
                    Layout.named("Trip").struct("first", LEG).structArray("legs", LEG, 2).build(),
                    Layout.named("Gone").int8("a").build(),
                    Layout.named("Here").int8("cache").local().build())
            .named("1");
    private final LayoutFile newer = LayoutFile.of(
                    Layout.named("Journey").structArray("legs", LONGER_LEG, 3).struct("first", LONGER_LEG).renamedFrom("Trip").build(),
                    Layout.named("Added").int8("a").build(),
                    Layout.named("Here").int8("cache").local().build())
            .with(
                    Layout.named("Airport").int64("late").was("delay").utf8("code", 8).utf8("note", 4).build(),
                    Conversions.NONE.defaultTo("note", "new").narrowing(Narrowing.CLAMP))
            .named("2");

    @Test
    void bothDirectionsAreToldFieldByField() {
        assertEquals(
                """
                upgrade: active 1, standby 2
                  safe          Airport.delay > Airport.late          int32 to int64
                  safe          Airport.code                          identical, utf8(8)
                  safe          Airport.note                          new, "new"
                  lossy         Airport.gates                         gone, its data is not kept
                  safe          Gone                                  only the active has it: its objects are kept as they are
                  safe          Here                                  all fields are local
                  safe          Trip.legs > Journey.legs              Leg[2] to Leg[3]
                  safe          Trip.legs.code > Journey.legs.code    utf8(3) to utf8(5)
                  safe          Trip.first.code > Journey.first.code  utf8(3) to utf8(5)
                  safe          Added                                 only the standby has it: there are no objects of it

                downgrade: active 2, standby 1
                  safe          Added                                 only the active has it: its objects are kept as they are
                  safe          Airport.code                          identical, utf8(8)
                  lossy         Airport.late > Airport.delay          int64 to int32, what does not fit: FAIL
                  safe          Airport.gates                         new, zero
                  lossy         Airport.note                          gone, its data is not kept
                  safe          Here                                  all fields are local
                  lossy         Journey.first.code > Trip.first.code  utf8(5) to utf8(3), what does not fit: FAIL
                  lossy         Journey.legs > Trip.legs              Leg[3] to Leg[2], what does not fit: FAIL
                  lossy         Journey.legs.code > Trip.legs.code    utf8(5) to utf8(3), what does not fit: FAIL
                  safe          Gone                                  only the standby has it: there are no objects of it

                upgrade=lossy downgrade=lossy
                """,
                LayoutComparison.of(older, newer).report());
    }

    @Test
    void theVerdictIsTheWorstOfBothDirections() {
        LayoutFile narrow = LayoutFile.of(Layout.named("A").int32("a").build());
        LayoutFile wide = LayoutFile.of(Layout.named("A").int64("a").build());
        LayoutFile text = LayoutFile.of(Layout.named("A").utf8("a", 4).build());

        assertEquals(Verdict.SAFE, LayoutComparison.of(wide, wide).verdict());
        assertEquals(Verdict.LOSSY, LayoutComparison.of(narrow, wide).verdict());
        assertEquals(Verdict.LOSSY, LayoutComparison.of(wide, narrow).verdict());
        assertEquals(Verdict.INCOMPATIBLE, LayoutComparison.of(wide, text).verdict());
    }

    @Test
    void aTestFailsWithTheReportWhereADirectionIsWorseThanPermitted() {
        LayoutFile narrow = LayoutFile.of(Layout.named("A").int32("a").build());
        LayoutFile wide = LayoutFile.of(Layout.named("A").int64("a").build());

        LayoutComparison.of(narrow, narrow).requireAtMost(Verdict.SAFE, Verdict.SAFE);
        LayoutComparison.of(narrow, wide).requireAtMost(Verdict.SAFE, Verdict.LOSSY);
        AssertionError down = assertThrows(
                AssertionError.class, () -> LayoutComparison.of(narrow, wide).requireAtMost(Verdict.INCOMPATIBLE, Verdict.SAFE));
        AssertionError up = assertThrows(AssertionError.class, () -> LayoutComparison.of(wide, narrow).requireAtMost(Verdict.SAFE, Verdict.LOSSY));

        assertTrue(down.getMessage().contains("A.a  int64 to int32, what does not fit: FAIL"), down.getMessage());
        assertTrue(up.getMessage().contains("permitted are upgrade=safe downgrade=lossy"), up.getMessage());
    }

    @Test
    void twoLayoutsThatWouldBecomeOneAreRefused() {
        LayoutFile two = LayoutFile.of(Layout.named("A").int8("x").build(), Layout.named("B").int8("x").build()).named("1");
        LayoutFile one = LayoutFile.of(Layout.named("B").int8("x").renamedFrom("A").build()).named("2");

        LayoutComparison comparison = LayoutComparison.of(two, one);

        assertEquals(Verdict.INCOMPATIBLE, comparison.verdict());
        assertTrue(comparison.report().contains("layouts 'A' and 'B' of the active cannot both be 'B'"), comparison.report());
        assertTrue(comparison.report().endsWith("upgrade=incompatible downgrade=safe\n"), comparison.report());
    }

    /** docs/versions.md 1.1. */
    @Test
    void theSameNameGoesBeforeEarlierNamesAndTheStandbysBeforeTheActives() {
        Layout a = Layout.named("A").int8("x").build();
        Layout wasA = Layout.named("B").int8("x").renamedFrom("A").build();
        Layout b = Layout.named("B").int8("x").build();
        Layout c = Layout.named("C").int8("x").renamedFrom("Y", "B", "A").build();

        assertEquals(a, LayoutMatch.counterpart(a, List.of(wasA, a)).orElseThrow());
        assertEquals(wasA, LayoutMatch.counterpart(a, List.of(wasA, c)).orElseThrow());
        assertEquals(b, LayoutMatch.counterpart(c, List.of(a, b)).orElseThrow());
        assertTrue(LayoutMatch.counterpart(b, List.of(a)).isEmpty());
    }
}
