package io.tha.torture.coordinated;

import io.tha.standby.StandbyHold;
import io.tha.standby.ThaStandby;
import java.time.Duration;
import java.util.HexFormat;

/**
 * What a standby answers: HOLD millis, CUT (with {@link Rows#counts} there), ADVANCE end millis, READ from, and RELEASE, as {@link StandbyHold} has
 * them; LOOK from, of whatever state it has.
 *
 * <p>Threads: any, one at a time; the first hold is made before anybody asks.
 */
final class StandbyAnswers {
    private final ThaStandby standby;
    /** Null if it is not held. */
    private StandbyHold hold;

    StandbyAnswers(ThaStandby standby) {
        this.standby = standby;
    }

    /** Throws what the standby throws; what cannot be answered now is tried again by who asks. */
    synchronized String answer(String[] question) throws InterruptedException {
        switch (question[0]) {
            case "HOLD" -> holdFor(millis(question[1]));
            case "RELEASE" -> release();
            case "ADVANCE" -> held().advanceTo(Long.parseLong(question[1]), millis(question[2]));
            case "CUT" -> {
                return held().read(Rows::counts) + " " + HexFormat.of().formatHex(held().cut().toBytes());
            }
            case "READ" -> {
                return held().read(pool -> Rows.text(pool, Long.parseLong(question[1])));
            }
            case "LOOK" -> {
                return standby.read(pool -> Rows.text(pool, Long.parseLong(question[1])));
            }
            default -> throw new IllegalArgumentException("unknown question " + question[0]);
        }
        return "";
    }

    private static Duration millis(String text) {
        return Duration.ofMillis(Long.parseLong(text));
    }

    /** Whoever held it before does not any more. */
    synchronized void holdFor(Duration most) throws InterruptedException {
        release();
        hold = standby.hold(most);
    }

    private void release() {
        if (hold != null) {
            hold.close();
            hold = null;
        }
    }

    private StandbyHold held() {
        if (hold == null) {
            throw new IllegalStateException("it is not held");
        }
        return hold;
    }
}
