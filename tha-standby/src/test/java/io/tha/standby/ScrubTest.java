package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.follow.ScrubFinding;
import io.tha.follow.ScrubStatus;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A standby's pool file is damaged while its active, another process, makes transactions: the damage is found, told by name, and repaired. */
@Timeout(240)
class ScrubTest {
    private static final int ROUNDS = 4;
    private static final int DAMAGES = 10;

    private final DomainDirectory directory = DomainDirectory.create();
    private final List<ForkedJvm> processes = new ArrayList<>();
    private final EveryField fields = new EveryField();
    private final Random random = Seeds.random();

    @AfterEach
    void remove() {
        processes.forEach(ForkedJvm::close);
        directory.close();
    }

    private ForkedJvm node(String role) {
        ForkedJvm node = ForkedJvm.of(ScrubNode.class).args(directory, role, random.nextLong()).start();
        processes.add(node);
        return node;
    }

    private ThaStandby standby() throws InterruptedException {
        ThaStandby standby = ThaStandby.open(directory.path(), ScrubNode.APPLICATION, ScrubNode.CONFIG);
        standby.awaitReady();
        return standby;
    }

    @Test
    void damageIsFoundToldByObjectAndFieldAndRepairedWhileTheActiveCommits() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby standby = standby()) {
            for (int round = 0; round < ROUNDS; round++) {
                damageAndAwait(standby);
            }
            ScrubStatus scrub = standby.status().scrub();
            assertEquals(0, scrub.rebuilt(), "copies that were built anew");
            assertTrue(scrub.repaired() >= ROUNDS * DAMAGES, () -> scrub.toString());
            assertSame(active, standby);
        }
    }

    /** In objects that nobody writes, each in another one; waits until all are repaired. */
    private void damageAndAwait(ThaStandby standby) {
        long before = standby.status().scrub().repaired();
        List<Damage> damages = standby.read(this::damages);
        Path file = file(standby);
        damages.forEach(damage -> damage.make(file));

        awaitTold(standby, damages);

        LedgerDomain.await("repair", () -> standby.status().scrub().unrepaired() == 0);
        assertTrue(standby.status().scrub().repaired() >= before + damages.size());
    }

    private static void awaitTold(ThaStandby standby, List<Damage> damages) {
        LedgerDomain.await(damages + " are told", () -> {
            List<ScrubFinding> told = standby.scrubFindings();
            return damages.stream().allMatch(damage -> told.stream().anyMatch(damage::isToldBy));
        });
    }

    private static Path file(ThaStandby standby) {
        return standby.read(pool -> pool.structure().memory().path());
    }

    private List<Damage> damages(ThaPool pool) {
        List<Long> quiet = quiet(pool);
        Collections.shuffle(quiet, random);
        return quiet.stream().limit(DAMAGES).map(object -> Damage.any(pool, object, random)).toList();
    }

    private static List<Long> quiet(ThaPool pool) {
        List<Long> quiet = new ArrayList<>();
        pool.forEach(object -> {
            if (pool.nameOf(object).startsWith("quiet") || pool.nameOf(object).equals("vast")) {
                quiet.add(object);
            }
        });
        assertEquals(ScrubNode.QUIET_OBJECTS + 1, quiet.size());
        return quiet;
    }

    /** What the active has when it makes no more transactions. */
    private void assertSame(ForkedJvm active, ThaStandby standby) {
        active.send("QUIET");
        String[] state = active.awaitLine("STATE ").split(" ");
        String expected = state[1] + " " + state[2];
        LedgerDomain.await("the active's content, " + expected, () -> expected.equals(standby.read(pool -> ScrubNode.digest(fields, pool))));
    }
}
