package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.StandbyMode;
import io.tha.testkit.Extent;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Seeds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications move amounts between them while their processes are killed: what one of them has of a transaction, all its participants have. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CoordinatedKillTest {
    private static final int KILLS = Extent.of(Integer.getInteger("tha.kills", 50));
    private static final int APPLICATIONS = 4;
    private static final int LOOK_EVERY = 10;
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final int KILLED = 128 + 9;

    private final Random random = Seeds.random();

    @Test
    void whoeverIsKilledWheneverNothingIsHalfThere() {
        try (CoordinatedDomain domain = new CoordinatedDomain(APPLICATIONS, random, StandbyMode.COPY)) {
            domain.start("", "");
            domain.go();
            for (int kill = 0; kill < KILLS; kill++) {
                killOne(domain, random.nextInt(APPLICATIONS), random.nextInt(4) > 0);
                if (kill % LOOK_EVERY == LOOK_EVERY - 1) {
                    domain.look();
                }
            }
            domain.killAllActives();
            int transactions = domain.look();
            domain.awaitMore(transactions);
            System.out.println("CoordinatedKillTest: " + KILLS + " kills, " + transactions + " transactions committed");
            assertTrue(transactions > KILLS, "too few to say anything");
        }
    }

    private void killOne(CoordinatedDomain domain, int application, boolean active) {
        LockSupport.parkNanos((long) (random.nextDouble() * MOST_NANOS));
        if (active) {
            domain.active(application).kill();
            domain.promote(application);
        } else {
            domain.standby(application).kill();
        }
        domain.startStandby(application);
        domain.awaitReady(application);
    }

    /** Between two stores of one part, of its decision, and of what is done about that. */
    @ParameterizedTest
    @CsvSource({
        "AFTER_DONE_PUBLISHED, COPY", "AFTER_DONE_PUBLISHED, MAPPING", "AFTER_DONE, COPY", "AFTER_DONE, MAPPING", "AFTER_DECIDED, COPY",
        "AFTER_DECIDED, MAPPING", "AFTER_COMMIT_BEFORE_PASS, COPY", "AFTER_ROLLED_BACK_BEFORE_ABORT, COPY", "AFTER_ABORT_BEFORE_PASS, COPY",
        "AFTER_ABORT_BEFORE_PASS, MAPPING"
    })
    void anActiveThatDiesInTheMiddleLeavesNothingHalfThere(String point, StandbyMode mode) {
        try (CoordinatedDomain domain = new CoordinatedDomain(2, random, mode)) {
            domain.start(point + ":" + (1 + random.nextInt(20)), "");
            domain.go();
            assertEquals(KILLED, domain.active(0).awaitExit(), "exit code");
            domain.promote(0);

            domain.awaitMore(domain.look());
        }
    }

    /** The log that it followed does not say what was committed at the takeover. */
    @Test
    void anotherStandbyHasWhatWasDecidedAtATakeover() {
        try (CoordinatedDomain domain = new CoordinatedDomain(2, random, StandbyMode.COPY)) {
            domain.start("AFTER_DECIDED:" + (1 + random.nextInt(20)), "");
            ForkedJvm another = domain.startAnother(0);
            domain.go();
            assertEquals(KILLED, domain.active(0).awaitExit(), "exit code");
            domain.promoteEither(0, another);
            domain.look();
            domain.active(0).kill();
            domain.promote(0);

            domain.awaitMore(domain.look());
        }
    }

    /** The third one finds the same decisions. */
    @ParameterizedTest
    @CsvSource({"AFTER_PART_COMMITTED, COPY", "AFTER_PART_COMMITTED, MAPPING", "AFTER_SERVING, COPY"})
    void aSuccessorThatDiesInTheMiddleLeavesNothingHalfThere(String point, StandbyMode mode) {
        try (CoordinatedDomain domain = new CoordinatedDomain(2, random, mode)) {
            domain.start("AFTER_DECIDED:" + (1 + random.nextInt(20)), point);
            domain.go();
            assertEquals(KILLED, domain.active(0).awaitExit(), "exit code");
            assertEquals(KILLED, domain.standby(0).awaitExit(), "exit code");
            domain.startStandby(0);
            domain.promote(0);

            domain.awaitMore(domain.look());
        }
    }
}
