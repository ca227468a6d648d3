package io.tha.examples.booking.demo;

import io.tha.ThaException;
import io.tha.examples.booking.ServiceKind;
import io.tha.standby.StandbyHold;
import io.tha.standby.ThaStandby;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Lets the driver hold a node's standby and read it; {@link RemoteHold} is the other end.
 *
 * <p>Threads: one.
 */
final class HoldCommands {
    /** A driver that has gone away holds nothing up for longer. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(30);

    private final ThaStandby standby;
    private final ServiceKind kind;
    private StandbyHold hold;

    HoldCommands(ThaStandby standby, ServiceKind kind) {
        this.standby = standby;
        this.kind = kind;
    }

    /** The line to be answered. A hold that has ended, for a takeover, fails. */
    String obey(Command command, String[] words) {
        try {
            return BookingNode.ANSWER + answer(command, words);
        } catch (ThaException | IllegalStateException e) {
            return BookingNode.FAILED + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return BookingNode.FAILED + "interrupted";
        }
    }

    private String answer(Command command, String[] words) throws InterruptedException {
        switch (command) {
            case HOLD -> hold = standby.hold(LONGEST_HOLD);
            case ADVANCE -> hold.advanceTo(Long.parseLong(words[1]), Duration.ofMillis(Long.parseLong(words[2])));
            case RELEASE -> hold.close();
            case CUT -> {
                return HexFormat.of().formatHex(hold.cut().toBytes());
            }
            case READ -> {
                return hold.read(kind::report).text();
            }
            default -> throw new IllegalStateException(command + " is nothing that a standby does");
        }
        return "";
    }
}
