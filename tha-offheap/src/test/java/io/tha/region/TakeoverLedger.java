package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.interleaving.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;

/** What must be true of takeovers, in whatever order their steps were made: docs/formats.md 5.4 and 5.5. */
final class TakeoverLedger {
    /** What a claimant had when it was at the cut: transactions and intents of the served epoch's log. */
    record Cut(int epoch, int servedEpoch, long position, List<Long> read, List<Long> intents) {}

    /** What a claimant became the active with. */
    record Served(Cut cut) {}

    /**
     * That every change of the takeover word is one of the tables, by whom it may be made.
     *
     * @param claimsTheLiving whether who only seems to be dead may be replaced; an offer may be claimed in any case
     */
    void verifySteps(List<Step> trace, long takeoverWord, IntUnaryOperator slotOf, boolean claimsTheLiving) {
        int served = 0;
        Set<Integer> dead = new TreeSet<>();
        for (Step step : trace) {
            if (step.isWrite() && step.lengthBytes() == Integer.BYTES) {
                dead.add(slotOf.applyAsInt(step.actor()));
            } else if (step.isWrite() && step.address() == takeoverWord) {
                String what = TakeoverWord.describe(step.before()) + " becomes " + TakeoverWord.describe(step.after());
                assertTrue(isLegal(step.before(), step.after(), slotOf.applyAsInt(step.actor())), what);
                boolean isFree = claimsTheLiving || isLeft(step.before()) || dead.contains(TakeoverWord.slot(step.before()));
                assertTrue(isFree || TakeoverWord.state(step.after()) != TakeoverState.CLAIMED, () -> "a living one is replaced: " + what);
                assertTrue(TakeoverWord.servedEpoch(step.after()) >= served, () -> "the served epoch falls: " + what);
                served = TakeoverWord.servedEpoch(step.after());
            }
        }
    }

    private static boolean isLeft(long word) {
        return TakeoverWord.state(word) == TakeoverState.OFFERED || TakeoverWord.state(word) == TakeoverState.RELEASED;
    }

    private static boolean isLegal(long before, long after, int slot) {
        TakeoverState from = TakeoverWord.state(before);
        boolean mine = TakeoverWord.slot(after) == slot;
        boolean sameEpoch = TakeoverWord.epoch(after) == TakeoverWord.epoch(before) && TakeoverWord.slot(before) == slot;
        boolean sameServed = TakeoverWord.servedEpoch(after) == TakeoverWord.servedEpoch(before);
        return mine && switch (TakeoverWord.state(after)) {
            case NONE -> false;
            case CLAIMED -> TakeoverWord.epoch(after) == TakeoverWord.epoch(before) + 1 && sameServed;
            case SEALED -> from == TakeoverState.CLAIMED && sameEpoch && sameServed;
            case CUT -> from == TakeoverState.SEALED && sameEpoch && sameServed;
            case OPENED -> from == TakeoverState.CUT && sameEpoch && sameServed;
            case SERVING -> from == TakeoverState.OPENED && sameEpoch && TakeoverWord.servedEpoch(after) == TakeoverWord.epoch(after)
                    || from == TakeoverState.OFFERED && sameEpoch && sameServed
                    || isWithdrawal(before, after);
            case RELEASED, OFFERED -> from == TakeoverState.SERVING && sameEpoch && sameServed;
        };
    }

    /** Of an offer that a dead process has claimed. */
    private static boolean isWithdrawal(long before, long after) {
        return TakeoverWord.state(before) == TakeoverState.CLAIMED
                && TakeoverWord.epoch(before) == TakeoverWord.epoch(after) + 1
                && TakeoverWord.servedEpoch(before) == TakeoverWord.epoch(after)
                && TakeoverWord.servedEpoch(after) == TakeoverWord.epoch(after);
    }

    /**
     * That an active which has taken its offer back is fenced only by who claims afterwards: what it gave up it gave up cleanly. Not so where the
     * dead go on for a while, which formats.md 5.5 excepts.
     */
    void verifyWithdrawal(List<Object> active, List<Step> trace, long takeoverWord) {
        boolean isClaimed = false;
        Set<Integer> dead = new TreeSet<>();
        for (Step step : trace) {
            if (dead.contains(step.actor())) {
                return;
            }
            if (step.isWrite() && step.lengthBytes() == Integer.BYTES) {
                dead.add(step.actor());
            } else if (step.isWrite() && step.address() == takeoverWord) {
                isClaimed = TakeoverWord.state(step.after()) != TakeoverState.SERVING || step.actor() != TakeoverInterleavings.ACTIVE;
            }
        }
        boolean isFenced = active.contains("GIVEN_UP") && active.contains("FENCED");
        assertTrue(!isFenced || isClaimed, () -> "fenced by nobody after its offer was taken back: " + active);
    }

    /** That who was replaced beats at most once more, and not when anybody has beaten since: docs/formats.md 4.9. */
    void verifyBeats(List<Step> trace, long takeoverWord, long beatWord) {
        int holder = TakeoverInterleavings.ACTIVE;
        Set<Integer> mayBeatOnce = new TreeSet<>();
        for (Step step : trace) {
            if (step.isWrite() && step.address() == takeoverWord && TakeoverWord.state(step.after()) == TakeoverState.CLAIMED) {
                mayBeatOnce.add(holder);
                holder = step.actor();
            } else if (step.isWrite() && step.address() == beatWord) {
                assertTrue(step.actor() == holder || mayBeatOnce.contains(step.actor()), "who was replaced goes on to beat");
                mayBeatOnce.clear();
            }
        }
    }

    /** That a log is written only before its seal. */
    void verifySeals(List<Step> trace, long epoch, long tail, long claimed) {
        boolean isSealed = false;
        boolean isClaimedSealed = false;
        for (Step step : trace) {
            if (step.isWrite() && step.address() == tail) {
                assertTrue(!isSealed, () -> "the tail of the log of epoch " + epoch + " is changed after the seal");
                isSealed = LogFile.isSealed(step.after());
                assertTrue(isClaimedSealed || !isSealed, () -> "in the log of epoch " + epoch + " the tail is sealed before claimed");
            } else if (step.isWrite() && step.address() == claimed) {
                assertTrue(!isClaimedSealed, () -> "claimed of the log of epoch " + epoch + " is changed after the seal");
                isClaimedSealed = LogFile.isSealed(step.after());
            }
        }
    }

    /**
     * That nothing is lost, nothing is done twice, and one served each epoch.
     *
     * @param last of the standby that took over at the end
     */
    void verifyNotes(List<List<Object>> notes, List<Object> last) {
        Map<Integer, Integer> server = new HashMap<>(Map.of(1, TakeoverInterleavings.ACTIVE));
        Map<Integer, Cut> cuts = new HashMap<>();
        TreeMap<Integer, Cut> served = new TreeMap<>();
        List<List<Object>> all = new ArrayList<>(notes);
        all.add(last);
        for (int actor = 0; actor < all.size(); actor++) {
            for (Object note : all.get(actor)) {
                if (note instanceof Cut cut) {
                    Cut other = cuts.putIfAbsent(cut.servedEpoch, cut);
                    assertTrue(other == null || sameCut(cut, other), () -> "two cuts: " + cut + " and " + other);
                } else if (note instanceof Served serving) {
                    assertNull(server.put(serving.cut.epoch, actor), () -> "who else serves epoch " + serving.cut.epoch);
                    served.put(serving.cut.epoch, serving.cut);
                }
            }
        }
        verifyChain(all, served, server);
        verifySwitchover(notes.get(0), served);
    }

    private static boolean sameCut(Cut one, Cut other) {
        return one.position == other.position && one.read.equals(other.read) && one.intents.equals(other.intents);
    }

    /** From the last epoch that was served back to the first: each ends with a cut, from which the next one went on. */
    private static void verifyChain(List<List<Object>> all, SortedMap<Integer, Cut> served, Map<Integer, Integer> server) {
        Set<Integer> passed = new TreeSet<>();
        for (int epoch = served.lastKey(); epoch != 1; epoch = served.get(epoch).servedEpoch) {
            passed.add(epoch);
            Cut cut = served.get(epoch);
            List<Object> told = all.get(server.get(cut.servedEpoch));
            assertEquals(committed(told), cut.read, () -> "committed in epoch " + cut.servedEpoch + ", and what goes on in epoch " + cut.epoch);
            Cut before = served.get(cut.servedEpoch);
            List<Long> undecided = before != null ? before.intents : told.contains("ANNOUNCED") && !cut.read.contains(1L) ? List.of(1L) : List.of();
            assertEquals(undecided, cut.intents, () -> "intents that epoch " + cut.servedEpoch + " had, and hands over to epoch " + cut.epoch);
        }
        assertEquals(served.keySet(), passed, "epochs that were served, and those that the last one goes on from");
    }

    private static List<Long> committed(List<Object> notes) {
        return notes.stream().filter(Long.class::isInstance).map(Long.class::cast).toList();
    }

    private static void verifySwitchover(List<Object> active, SortedMap<Integer, Cut> served) {
        int end = active.indexOf("HANDED_OVER");
        assertTrue(end < 0 || committed(active.subList(end + 1, active.size())).isEmpty(), () -> "after it handed over: " + active);
        // Of those that served at the end, the last standby is one.
        assertTrue(end < 0 || served.size() > 1, () -> "nobody has taken the role that was handed over: " + served);
    }
}
