package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.FencedException;
import io.tha.Intent;
import io.tha.interleaving.Scenario;
import io.tha.interleaving.Step;
import io.tha.interleaving.Steps;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An active and claimants of one application, with a real control file and real logs, each by the code that the engine has for its steps:
 * {@link LogWriter}, {@link ActiveRole}, {@link TakeoverWalk}, {@link TailSealer}, {@link LogReader}, {@link DeathWatch}. What is left out is the
 * pool: a state is the list of transactions that were read. {@link TakeoverLedger} says what must be true at the end; then all are dead, and
 * one more standby takes over.
 */
final class TakeoverInterleavings implements Scenario {
    static final int ACTIVE = 0;
    /** Name of the takeover word. */
    static final String TAKEOVER = "takeover word";

    private static final LogConfig LOG = new LogConfig(64 << 10, false);
    private static final ReaderPolicy IMPATIENT = ReaderPolicy.dropAfter(Duration.ZERO);
    private static final String IMAGE = "none.image";
    private static final byte[] REQUEST = new byte[8];
    /** So that none is that of the process that runs this. */
    private static final int FIRST_SLOT = 100;

    private static final int SOME_THREAD = 4711;
    /** Ids of transactions are multiples of it and the actor, plus a number. */
    private static final int IDS = 100;

    private static final int LOOKS = 2;

    private final Plan plan;
    private final DomainDirectory directory = DomainDirectory.create();
    private final ControlFile opened = ControlFile.open(directory.path());
    private final int application = opened.application("model", "1");
    private final long base = Membership.of(directory.path()).base();
    /** One for each actor, and one for the last standby. */
    private final ControlFile[] controls;

    private final LogFile[] logs;
    private final TakeoverLedger ledger = new TakeoverLedger();

    /**
     * Who does what.
     *
     * @param claimants how many standbys there are
     * @param attempts of each to find a vacancy
     * @param hangs whether everybody may be taken for hung at any time; otherwise only the dead are replaced, and who offers or has left
     * @param announces whether the active publishes an intent before its first commit
     * @param offers whether the active offers its role between two commits
     * @param leaves whether the active leaves at the end
     * @param beats whether they beat
     */
    private record Plan(int claimants, int attempts, boolean hangs, boolean announces, boolean offers, boolean leaves, boolean beats) {
        static Plan of(String text) {
            List<String> words = List.of(text.split(" ", -1));
            return new Plan(
                    Integer.parseInt(words.get(0)),
                    Integer.parseInt(words.get(1)),
                    words.contains("hangs"),
                    words.contains("announces"),
                    words.contains("offers"),
                    words.contains("leaves"),
                    words.contains("beats"));
        }
    }

    TakeoverInterleavings(String text) {
        plan = Plan.of(text);
        controls = new ControlFile[plan.claimants + 2];
        logs = new LogFile[controls.length];
        Steps.watch(takeoverWord(), Long.BYTES);
        Steps.watch(beatWord(), Long.BYTES);
        for (int actor = 0; actor < controls.length; actor++) {
            controls[actor] = new ControlFile(new Membership(opened.domainDirectory(), base, FIRST_SLOT + actor));
            logs[actor] = LogFile.prepare(directory.resolve("prepared-" + actor), LOG);
            Steps.watch(deathWord(actor), Integer.BYTES);
            watch(logs[actor]);
        }
    }

    /** Not the ring: no frame is overwritten, and who reads one has seen the tail before. */
    private void watch(LogFile log) {
        Steps.watch(start(log) + LogDescriptor.EPOCH_OFFSET, Long.BYTES);
        Steps.watch(start(log) + LogDescriptor.TAIL_OFFSET, Long.BYTES);
        Steps.watch(start(log) + LogDescriptor.CLAIMED_OFFSET, Long.BYTES);
        Steps.watch(start(log) + LogDescriptor.OLDEST_UNDECIDED_OFFSET, Long.BYTES);
        Steps.watch(log.reader(0), (long) controls.length * LogDescriptor.READER_LENGTH);
    }

    private static long start(LogFile log) {
        return log.address(0) - LogDescriptor.RING_OFFSET;
    }

    private long beatWord() {
        return ControlDescriptor.applicationAddress(base, application) + ApplicationDescriptor.BEAT_WORD_OFFSET;
    }

    private long takeoverWord() {
        return ControlDescriptor.applicationAddress(base, application) + ApplicationDescriptor.TAKEOVER_WORD_OFFSET;
    }

    @Override
    public long deathWord(int actor) {
        return ControlDescriptor.processSlotAddress(base, FIRST_SLOT + actor) + ProcessSlotDescriptor.DEATH_WORD_OFFSET;
    }

    @Override
    public int actors() {
        return 1 + plan.claimants;
    }

    @Override
    public void begin() {
        for (int actor = 0; actor < controls.length; actor++) {
            long slot = ControlDescriptor.processSlotAddress(base, FIRST_SLOT + actor);
            Memory.putLong(slot + ProcessSlotDescriptor.STATE_WORD_OFFSET, SlotState.word(SlotState.LIVE, SlotState.KIND_MUTEX, 1));
            Memory.putInt(deathWord(actor), SOME_THREAD);
            LogFile log = logs[actor];
            Memory.zero(start(log) + LogDescriptor.TAIL_OFFSET, LogDescriptor.RING_OFFSET - LogDescriptor.TAIL_OFFSET);
            Memory.putLong(start(log) + LogDescriptor.OLDEST_UNDECIDED_OFFSET, LogDescriptor.NOTHING_UNDECIDED);
            if (log.epoch() != 0) {
                log.name(directory.resolve("prepared-" + actor), 0, IMAGE);
            }
        }
        logs[ACTIVE].name(path(1), 1, IMAGE);
        Memory.putLong(takeoverWord(), TakeoverWord.word(TakeoverState.SERVING, FIRST_SLOT, 1, 1));
        Memory.putLong(beatWord(), 0);
    }

    private Path path(int epoch) {
        return directory.resolve("model." + epoch + ".log");
    }

    @Override
    public void act(int actor, List<Object> notes) {
        if (actor == ACTIVE) {
            beActive(notes);
        } else {
            standBy(actor, notes);
        }
    }

    private void beActive(List<Object> notes) {
        try (LogWriter writer = new LogWriter(logs[ACTIVE], readers(ACTIVE, logs[ACTIVE]), IMPATIENT)) {
            Steps.prologueEnds();
            OpenTransaction announced = null;
            if (plan.announces) {
                announced = writer.publishIntent(1, null, REQUEST, 0, REQUEST.length);
                notes.add("ANNOUNCED");
            }
            beat(ACTIVE, 1);
            commit(writer, 1, announced, notes);
            beat(ACTIVE, 1);
            if (plan.offers) {
                handOver(notes);
                commit(writer, 2, null, notes);
            }
            if (plan.leaves && new ActiveRole(controls[ACTIVE], application, logs[ACTIVE]).release()) {
                notes.add("LEFT");
            }
        } catch (FencedException e) {
            notes.add("FENCED");
        }
    }

    private void beat(int actor, int epoch) {
        if (plan.beats) {
            controls[actor].beat(application, epoch);
        }
    }

    private ReaderSlots readers(int actor, LogFile log) {
        return new ReaderSlots(log, slot -> controls[actor].watch(slot).isDead());
    }

    private static void commit(LogWriter writer, long id, OpenTransaction earlier, List<Object> notes) {
        writer.begin(id, true);
        writer.publishCommit(earlier);
        notes.add(id);
        writer.decided();
    }

    /** As io.tha.active.Switchover does it; the time is over at the last look. */
    private void handOver(List<Object> notes) {
        ActiveRole role = new ActiveRole(controls[ACTIVE], application, logs[ACTIVE]);
        role.offer();
        for (int look = 1; ; look++) {
            long word = role.look();
            if (role.isTaken(word)) {
                notes.add("HANDED_OVER");
                return;
            }
            if (look >= LOOKS && role.takeBack(word)) {
                notes.add("GIVEN_UP");
                return;
            }
            if (look >= LOOKS && !role.isOffered(word)) {
                notes.add("UNCONFIRMED");
                return;
            }
        }
    }

    /** As io.tha.standby.StandbyTask and io.tha.takeover.Successor do it. */
    private void standBy(int actor, List<Object> notes) {
        LogReader follower = LogReader.join(logs[ACTIVE], readers(actor, logs[ACTIVE]), FIRST_SLOT + actor, () -> 0);
        Steps.prologueEnds();
        for (int attempt = 0; attempt < plan.attempts; attempt++) {
            TakeoverWalk walk = claim(actor);
            if (walk != null) {
                takeOver(actor, walk, follower, notes);
                return;
            }
        }
    }

    private TakeoverWalk claim(int actor) {
        long word = controls[actor].takeoverWordAcquire(application);
        TakeoverState state = TakeoverWord.state(word);
        boolean vacant = state == TakeoverState.RELEASED
                || state == TakeoverState.OFFERED
                || plan.hangs
                || controls[actor].watch(TakeoverWord.slot(word)).isDead();
        return vacant ? TakeoverWalk.claim(controls[actor], application, word) : null;
    }

    private void takeOver(int actor, TakeoverWalk walk, LogReader follower, List<Object> notes) {
        beat(actor, walk.epoch());
        LogFile served = log(walk.servedEpoch());
        if (!walk.seal(served)) {
            return;
        }
        LogReader reader = served == logs[ACTIVE] ? follower
                : LogReader.join(served, readers(actor, served), FIRST_SLOT + actor, () -> 0);
        List<Long> read = new ArrayList<>();
        while (!walk.isAtCut(reader.position())) {
            int result = reader.poll(new Committed(read));
            assertTrue(result >= 0 || result == LogReader.ENDED, () -> "the log could not be read, " + result);
        }
        List<Intent> intents = reader.intents();
        TakeoverLedger.Cut cut = new TakeoverLedger.Cut(walk.epoch(), walk.servedEpoch(), reader.position(), read, ids(intents));
        notes.add(cut);
        LogFile own = logs[actor];
        if (!walk.cut(reader.position()) || !walk.open(own, path(walk.epoch()), IMAGE)) {
            return;
        }
        try (LogWriter writer = new LogWriter(own, readers(actor, own), IMPATIENT)) {
            writer.inherit(intents);
            if (walk.serve()) {
                notes.add(new TakeoverLedger.Served(cut));
                commit(writer, (long) actor * IDS, null, notes);
            }
        } catch (FencedException e) {
            notes.add("FENCED");
        }
    }

    private LogFile log(int epoch) {
        for (LogFile log : logs) {
            if (log.epoch() == epoch) {
                return log;
            }
        }
        throw new AssertionError("there is no log of epoch " + epoch + ", which serves");
    }

    private static List<Long> ids(List<Intent> intents) {
        return intents.stream().map(Intent::transactionId).toList();
    }

    /** Keeps the ids of what is delivered. */
    private record Committed(List<Long> ids) implements FrameHandler {
        @Override
        public void frame(int type, long address, int lengthBytes) {
            throw new AssertionError("an empty transaction has a frame of type " + type);
        }

        @Override
        public void committed(long id, long end) {
            ids.add(id);
        }
    }

    @Override
    public void verify(List<List<Object>> notes, List<Step> trace) {
        ledger.verifySteps(trace, takeoverWord(), actor -> FIRST_SLOT + actor, plan.hangs);
        ledger.verifyBeats(trace, takeoverWord(), beatWord());
        ledger.verifyWithdrawal(notes.get(ACTIVE), trace, takeoverWord());
        for (LogFile log : logs) {
            ledger.verifySeals(trace, log.epoch(), start(log) + LogDescriptor.TAIL_OFFSET, start(log) + LogDescriptor.CLAIMED_OFFSET);
        }
        for (int actor = 0; actor < actors(); actor++) {
            Memory.putInt(deathWord(actor), SOME_THREAD | DEAD);
        }
        List<Object> last = new ArrayList<>();
        int lastActor = controls.length - 1;
        TakeoverWalk walk = claim(lastActor);
        assertNotNull(walk, "a vacancy");
        takeOver(lastActor, walk, LogReader.join(logs[ACTIVE], readers(lastActor, logs[ACTIVE]), FIRST_SLOT + lastActor, () -> 0), last);
        assertEquals(3, last.size(), () -> "the last standby does not serve: " + last);
        ledger.verifyNotes(notes, last);
    }

    @Override
    public String nameOf(long address) {
        if (address == takeoverWord()) {
            return TAKEOVER;
        }
        if (address == beatWord()) {
            return "beat word";
        }
        for (int actor = 0; actor < logs.length; actor++) {
            long offset = address - start(logs[actor]);
            if (offset >= 0 && offset < LogDescriptor.RING_OFFSET) {
                String word = offset == LogDescriptor.TAIL_OFFSET ? "tail"
                        : offset == LogDescriptor.CLAIMED_OFFSET ? "claimed"
                        : "header at " + offset;
                return word + " of the log of " + actor;
            }
        }
        return "a death word";
    }

    @Override
    public String textOf(long address, long value) {
        return address == takeoverWord() ? TakeoverWord.describe(value) : Long.toHexString(value);
    }

    @Override
    public void close() {
        for (LogFile log : logs) {
            log.close();
        }
        opened.close();
        directory.close();
        Steps.reset();
    }
}
