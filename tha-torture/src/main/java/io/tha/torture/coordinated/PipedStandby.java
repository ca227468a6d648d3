package io.tha.torture.coordinated;

import io.tha.coordination.DomainCut;
import io.tha.standby.HeldStandby;
import java.time.Duration;
import java.util.HexFormat;

/**
 * A standby of another process, held.
 *
 * <p>Threads: one.
 */
final class PipedStandby implements HeldStandby, AutoCloseable {
    /** Longer than anything takes that is not stuck. */
    private static final long HOLD_MILLIS = 10_000;
    private static final long ANSWER_MILLIS = 4_000;

    private final Member member;
    private final Verdicts verdicts;

    private PipedStandby(Member member, Verdicts verdicts) {
        this.member = member;
        this.verdicts = verdicts;
    }

    /**
     * Holds one, unless it is from its first moment on.
     *
     * @throws UnansweredException as all here
     */
    static PipedStandby hold(Member member, Verdicts verdicts) {
        if (!member.firstHold) {
            member.ask("HOLD " + HOLD_MILLIS, ANSWER_MILLIS);
        }
        return new PipedStandby(member, verdicts);
    }

    /** Which is judged, too. */
    @Override
    public DomainCut cut() {
        String[] words = member.ask("CUT", ANSWER_MILLIS).split(" ", -1);
        DomainCut cut = DomainCut.fromBytes(HexFormat.of().parseHex(words[2]));
        verdicts.cut(member.toString(), member.application, new CutHistory.At(Long.parseLong(words[0]), Long.parseLong(words[1]), cut));
        return cut;
    }

    @Override
    public void advanceTo(long chainEnd, Duration timeout) {
        member.ask("ADVANCE " + chainEnd + " " + timeout.toMillis(), timeout.toMillis() + ANSWER_MILLIS);
    }

    /** Its rows, from a number on. */
    Shown read(long from) {
        return Shown.parse(member.name(), member.application, member.ask("READ " + from, ANSWER_MILLIS));
    }

    int application() {
        return member.application;
    }

    /** It goes on as soon as it runs; nobody waits for that. */
    @Override
    public void close() {
        member.firstHold = false;
        member.tell("ASK - RELEASE");
    }
}
