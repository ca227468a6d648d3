package io.tha.standby;

import io.tha.capture.Snapshot;
import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills actives, one after another in one domain, at moments that nobody chose: no acknowledged transaction is lost, none shows in part. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KillTest {
    private static final int KILLS = Extent.of(60);
    private static final int STANDBYS = 2;
    private static final int LARGE_EVERY = 32;
    private static final int MAX_TRANSACTIONS = 200;
    private static final int MAX_SPINS = 20_000;
    private static final Pattern LOG = Pattern.compile("ledger\\.\\d+\\.log");
    private static final Pattern SEGMENT = Pattern.compile("ledger\\..*\\.overflow");
    /** Image or pool, or both of a first active, outcomes and log of the active; pool, outcomes and prepared log of each standby. */
    private static final int MAX_FILES = 4 + 3 * STANDBYS;
    private static final int MAX_SEGMENTS = 8;
    /** A takeover may end before it has cleaned up; so do not wait for that each time, or no active is ever killed so early. */
    private static final int KILLS_BETWEEN_LOOKS = 10;

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
            for (int kill = 0; kill < kills; kill++) {
                while (standbys.size() < STANDBYS) {
                    standbys.add(domain.start("standby"));
                }
                awaitMoment(active, transactions + least, random);
                active.process().kill();

                Node next = LedgerDomain.awaitActive(standbys);
                transactions = domain.verify(next, active).k();

                standbys.remove(next);
                active = next;
                if (kill % KILLS_BETWEEN_LOOKS == KILLS_BETWEEN_LOOKS - 1) {
                    awaitNothingLeftBehind(domain);
                }
            }
            LedgerDomain.awaitAcknowledged(active, transactions + 1);
            awaitNothingLeftBehind(domain);
            System.out.println("KillTest: " + snapshot + ", " + kills + " kills, " + transactions + " transactions, "
                    + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) + " s; at last " + domain.files());
        }
    }

    /** What dead processes, takeovers and rehearsals leave is removed soon, though not at once. */
    private static void awaitNothingLeftBehind(LedgerDomain domain) {
        LedgerDomain.await("one log, at most " + MAX_FILES + " files and " + MAX_SEGMENTS + " segments are left; at first there were "
                + domain.files(), () -> isTidy(domain.files()));
    }

    private static boolean isTidy(List<String> files) {
        long segments = files.stream().filter(name -> SEGMENT.matcher(name).matches()).count();
        long logs = files.stream().filter(name -> LOG.matcher(name).matches()).count();
        return logs == 1 && segments <= MAX_SEGMENTS && files.size() - segments <= MAX_FILES;
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
