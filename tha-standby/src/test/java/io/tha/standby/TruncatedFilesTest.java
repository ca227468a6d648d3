package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.standby.LedgerDomain.Node;
import io.tha.testkit.Sampled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stranger truncates a file that a process has mapped. Nothing can prevent that, and a JVM that touches what is gone dies, or is told by an
 * InternalError: some instructions later, with whatever the load has left in its register, which may be an address. What is promised: the process
 * ends or says which file it was, and the other side goes on.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Sampled
class TruncatedFilesTest {
    private static final int LARGE_EVERY = 16;
    private static final int SOME_TRANSACTIONS = 500;
    private static final int LEAST_SIGNAL_EXIT = 128;

    @ParameterizedTest
    @ValueSource(strings = {"image", "pool", "outcomes"})
    void whenAFileOfTheActiveIsTruncatedAStandbyGoesOn(String kind) throws IOException {
        try (LedgerDomain domain = domain()) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            String file = files(domain, kind).get(0);
            Node standby = domain.start("standby");
            standby.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, SOME_TRANSACTIONS);

            truncate(domain.path().resolve(file));

            assertEndsBecauseOf(active, file);
            long k = domain.verify(standby, active).k();
            LedgerDomain.awaitAcknowledged(standby, k + SOME_TRANSACTIONS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool", "outcomes", "prepared"})
    void whenAFileOfAStandbyIsTruncatedTheActiveGoesOn(String kind) throws IOException {
        try (LedgerDomain domain = domain()) {
            Node active = domain.start("active");
            active.process().awaitLine("STATE ");
            List<String> before = files(domain, kind);
            Node standby = domain.start("standby");
            standby.process().awaitLine("READY");

            for (String file : files(domain, kind)) {
                if (!before.contains(file)) {
                    truncate(domain.path().resolve(file));
                }
            }

            LedgerDomain.awaitAcknowledged(active, active.marks().acknowledged() + SOME_TRANSACTIONS);
            Node another = domain.start("standby");
            another.process().awaitLine("READY");
            standby.process().kill();
            active.process().kill();
            domain.verify(another, active);
        }
    }

    /** There is no other side: both have it. */
    @Test
    void whenTheLogIsTruncatedBothSaySo() throws IOException {
        try (LedgerDomain domain = domain()) {
            Node active = domain.start("active");
            Node standby = domain.start("standby");
            standby.process().awaitLine("READY");
            LedgerDomain.awaitAcknowledged(active, SOME_TRANSACTIONS);

            truncate(domain.path().resolve("ledger.1.log"));

            assertEndsBecauseOf(active, "ledger.1.log");
            assertEndsBecauseOf(standby, "ledger.1.log");
        }
    }

    private static LedgerDomain domain() {
        return new LedgerDomain(LARGE_EVERY).expectingCrashes();
    }

    private static void assertEndsBecauseOf(Node node, String file) {
        int exit = node.process().awaitExit();
        String output = node.process().output();
        boolean killed = exit >= LEAST_SIGNAL_EXIT || output.contains("SIGBUS") || output.contains("SIGSEGV");
        boolean told = output.contains(file) && output.contains("truncated") || output.contains("InternalError");
        System.out.println("TruncatedFilesTest: " + file + ", exit code " + exit + ", " + (told ? "told" : killed ? "killed" : "not told"));
        assertTrue(killed || exit != 0 && told, () -> "exit code " + exit + ": " + output);
    }

    private static List<String> files(LedgerDomain domain, String kind) {
        return domain.files().stream().filter(name -> name.endsWith("." + kind)).toList();
    }

    private static void truncate(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }
}
