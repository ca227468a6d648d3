package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.StandbyMode;
import io.tha.memory.CrashPoint;
import io.tha.standby.LedgerDomain.Node;
import io.tha.standby.LedgerDomain.State;
import io.tha.testkit.Extent;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Actives are killed, and standbys without a copy take over the image that they leave: no acknowledged transaction is lost, none shows in part. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@Sampled
class MappingKillTest {
    private static final int KILLS = Extent.of(20);
    private static final int LARGE_EVERY = 16;
    private static final int FIRST_PASSAGE = 20;
    private static final int MAX_TRANSACTIONS = 100;
    private static final int MAX_SPINS = 20_000;

    @ParameterizedTest
    @CsvSource({"MAPPING, MAPPING, 1", "MAPPING, COPY, 3"})
    void nothingAcknowledgedIsLostHoweverOftenTheActiveIsKilled(StandbyMode one, StandbyMode other, int share) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY)) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            List<Node> standbys = new ArrayList<>();
            long transactions = 0;
            int turn = 0;
            for (int kill = 0; kill < KILLS / share; kill++) {
                while (standbys.size() < 2) {
                    standbys.add(domain.with(turn++ % 2 == 0 ? one : other).start("standby"));
                }
                LedgerDomain.awaitAcknowledged(active, transactions + random.nextInt(MAX_TRANSACTIONS));
                int spins = random.nextInt(MAX_SPINS);
                for (int i = 0; i < spins; i++) {
                    Thread.onSpinWait();
                }
                active.process().kill();

                Node next = LedgerDomain.awaitActive(standbys);
                transactions = domain.verify(next, active).k();

                standbys.remove(next);
                active = next;
            }
            LedgerDomain.awaitAcknowledged(active, transactions + 1);
            List<String> files = new ArrayList<>(domain.files());
            assertTrue(files.size() <= 16, files::toString);
        }
    }

    /** Passages per commit are few or many, so that each point strikes after some dozens of transactions. */
    @ParameterizedTest
    @CsvSource({
        "AFTER_COLLECT, 60, 16", "AFTER_CLAIM, 20, 16", "AFTER_FRAME, 1500, 16", "AFTER_OVERFLOW_CREATE, 20, 16", "BEFORE_PUBLISH, 60, 16",
        "AFTER_PUBLISH_BEFORE_IMAGE, 60, 16", "AFTER_PUBLISH_BEFORE_IMAGE, 20, 1", "IN_IMAGE_ADVANCE, 1500, 16", "IN_IMAGE_ADVANCE, 400, 1",
        "AFTER_IMAGE_BEFORE_APPLIED, 60, 16", "AFTER_APPLIED, 60, 16",
    })
    void aCommitThatDiesIsWholeOrNothing(CrashPoint point, int passages, int largeEvery) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(largeEvery).with(StandbyMode.MAPPING)) {
            Node active = domain.start("active", true, point + ":" + (FIRST_PASSAGE + random.nextInt(passages)));
            Node standby = domain.start("standby");
            standby.process().awaitLine("READY");
            active.process().send("GO");
            assertEquals(128 + 9, active.process().awaitExit(), "exit code");

            LedgerDomain.awaitActive(List.of(standby));

            State state = domain.verify(standby, active);
            LedgerDomain.awaitAcknowledged(standby, state.k() + 20);
        }
    }

    /** After an active that dies with a transaction half in the image. */
    @ParameterizedTest
    @EnumSource(names = {
        "AFTER_CLAIMED", "AFTER_SEAL_CLAIMED", "AFTER_SEAL_TAIL", "AFTER_SEALED", "AFTER_IMAGE_TAKEN", "IN_IMAGE_REDO", "AFTER_IMAGE_REDO",
        "AFTER_CUT",
        "AFTER_RENAME_BEFORE_OPENED", "AFTER_OPENED", "AFTER_INTENTS", "AFTER_SERVING"
    })
    void aClaimantThatDiesIsReplacedByOneThatFollowed(CrashPoint point) {
        finishes(point, StandbyMode.MAPPING, true);
    }

    @ParameterizedTest
    @CsvSource({
        "AFTER_SEALED, MAPPING", "AFTER_IMAGE_TAKEN, MAPPING", "IN_IMAGE_REDO, MAPPING", "AFTER_IMAGE_REDO, MAPPING", "AFTER_OPENED, MAPPING",
        "AFTER_IMAGE_TAKEN, COPY", "IN_IMAGE_REDO, COPY", "AFTER_OPENED, COPY",
    })
    void aClaimantThatDiesIsReplacedByOneThatCameLater(CrashPoint point, StandbyMode mode) {
        finishes(point, mode, false);
    }

    private static void finishes(CrashPoint point, StandbyMode mode, boolean followed) {
        Random random = Seeds.random();
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).with(StandbyMode.MAPPING)) {
            Node active = domain.start("active", true, "IN_IMAGE_ADVANCE:" + (FIRST_PASSAGE + random.nextInt(1500)) + ":STOP");
            Supplier<Node> starting = () -> domain.with(mode).start("standby");
            Node other = followed ? starting.get() : null;
            Node claimant = domain.with(StandbyMode.MAPPING).start("standby", false, point.toString());
            claimant.process().awaitLine("READY");
            if (other != null) {
                other.process().awaitLine("READY");
            }
            active.process().send("GO");
            active.process().awaitStopped();
            if (other != null) {
                // Stands still, so that it is not the one that claims.
                other.process().stop();
            }
            active.process().kill();
            assertEquals(128 + 9, claimant.process().awaitExit(), "exit code");
            if (other != null) {
                other.process().resume();
            }
            Node last = other != null ? other : starting.get();

            LedgerDomain.awaitActive(List.of(last));

            State state = domain.verify(last, active);
            LedgerDomain.awaitAcknowledged(last, state.k() + 20);
        }
    }
}
