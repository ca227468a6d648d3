package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.capture.Snapshot;
import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills actives, one after another in one domain, at moments that nobody chose: no acknowledged transaction is lost, none shows in part. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KillTest {
    private static final int KILLS = Integer.getInteger("tha.kills", 200);
    private static final int STANDBYS = 2;
    private static final int LARGE_EVERY = 32;
    private static final int MAX_TRANSACTIONS = 200;
    private static final int MAX_SPINS = 20_000;
    private static final Pattern LOG = Pattern.compile("ledger\\.\\d+\\.log");
    /** Pool and image of the first active; pool, prepared log of a standby, and those of a dead one until the next takeover; overflow segments. */
    private static final int MAX_FILES = 20;

    @ParameterizedTest
    @CsvSource({"IMAGE, 1", "LINES, 10", "NONE, 10"})
    void nothingAcknowledgedIsLostHoweverOftenTheActiveIsKilled(Snapshot snapshot, int share) {
        Random random = Seeds.random();
        int kills = Math.max(1, KILLS / share);
        // Without an image there must be a standby: the first transaction waits for it.
        int least = snapshot == Snapshot.IMAGE ? 0 : 1;
        try (LedgerDomain domain = new LedgerDomain(LARGE_EVERY).with(snapshot)) {
            long began = System.nanoTime();
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            List<Node> standbys = new ArrayList<>();
            long transactions = 0;
            int most = 0;
            for (int kill = 0; kill < kills; kill++) {
                while (standbys.size() < STANDBYS) {
                    standbys.add(domain.start("standby"));
                }
                awaitMoment(active, transactions + least, random);
                active.process().kill();

                Node next = LedgerDomain.awaitActive(standbys);
                transactions = domain.verify(next, active).k();

                most = Math.max(most, domain.files().size());
                standbys.remove(next);
                active = next;
            }
            LedgerDomain.awaitAcknowledged(active, transactions + 1);
            System.out.println("KillTest: " + snapshot + ", " + kills + " kills, " + transactions + " transactions, at most " + most + " files, "
                    + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) + " s; at last " + domain.files());
            assertNothingIsLeftBehind(domain, most);
        }
    }

    private static void assertNothingIsLeftBehind(LedgerDomain domain, int most) {
        assertTrue(most <= MAX_FILES, () -> most + " files of the application: " + new TreeSet<>(domain.files()));
        LedgerDomain.await("only one log is left of " + domain.files(), () ->
                domain.files().stream().filter(name -> LOG.matcher(name).matches()).count() == 1);
    }

    /** Some transactions later, and then some turns of a loop; now and then at once, when no standby may be ready yet. */
    private static void awaitMoment(Node active, long transactions, Random random) {
        LedgerDomain.awaitAcknowledged(active, transactions + random.nextInt(MAX_TRANSACTIONS));
        int spins = random.nextInt(MAX_SPINS);
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }
}
