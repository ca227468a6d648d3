package io.tha.torture.coordinated;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.StandbyMode;
import io.tha.testkit.ClassArchive;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import io.tha.torture.RunDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes die between two stores of one part, of its decision, and of what is done about that: nothing is half there afterwards. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@Sampled
class CoordinatedCrashTest {
    private static final int APPLICATIONS = 2;
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static RunDirectory classes;
    private static ClassArchive archive;

    private final Random random = Seeds.random();

    @BeforeAll
    static void record() {
        classes = new RunDirectory();
        archive = CoordinatedCluster.record(classes);
    }

    @AfterAll
    static void remove() throws IOException {
        classes.delete();
    }

    /** Two applications, the first of which dies. */
    private final class Crash implements AutoCloseable {
        private final RunDirectory directory = new RunDirectory();
        private final CoordinatedCluster cluster;
        private final Verdicts verdicts = new Verdicts(APPLICATIONS);
        private final Rest rest;

        Crash(StandbyMode mode) {
            CoordinatedCluster.Setup setup = new CoordinatedCluster.Setup(APPLICATIONS, mode, random.nextLong(), List.of());
            cluster = new CoordinatedCluster(setup, directory, archive, new CoordinatedTally());
            rest = new Rest(cluster, verdicts);
        }

        /** Starts all; nothing is begun yet. Returns the active and the standby that will die, if they have crash points. */
        List<Member> start(String activeDiesAt, String standbyDiesAt) {
            List<Member> members = List.of(cluster.start(activeDiesAt), cluster.start(""), cluster.start(standbyDiesAt), cluster.start(""));
            for (int i = 0; i < members.size(); i++) {
                if (i < APPLICATIONS) {
                    cluster.open(members.get(i), i);
                } else {
                    cluster.join(members.get(i), i - APPLICATIONS);
                }
            }
            cluster.await("the standbys are ready", () -> !cluster.standbys(0).isEmpty() && !cluster.standbys(1).isEmpty());
            return List.of(members.get(0), members.get(APPLICATIONS));
        }

        void another() {
            cluster.join(cluster.start(""), 0);
            cluster.await("the other standby is ready", () -> cluster.standbys(0).size() == 2);
        }

        void go() {
            cluster.order(CoordinatedCluster.GO);
        }

        void awaitEnd(Member member) {
            cluster.await(member + " dies", () -> !cluster.members().contains(member));
        }

        void awaitTakeover() {
            cluster.await("the first application has an active", () -> cluster.active(0) != null);
        }

        void kill(Member member) {
            cluster.kill(member);
            awaitEnd(member);
        }

        void compare() {
            rest.look();
        }

        /** Everybody takes part in new transactions. */
        void compareAndGoOn() {
            compare();
            long before = verdicts.transactions();
            while (verdicts.transactions() == before) {
                cluster.goOn(MOMENT_NANOS);
                compare();
            }
            assertTrue(verdicts.transactions() > before);
        }

        @Override
        public void close() throws IOException {
            cluster.close();
            rest.close();
            directory.delete();
        }
    }

    private String passage(String point) {
        return point + ":" + (1 + random.nextInt(20)) + ":KILL";
    }

    @ParameterizedTest
    @CsvSource({
        "AFTER_DONE_PUBLISHED, COPY", "AFTER_DONE_PUBLISHED, MAPPING", "AFTER_DONE, COPY", "AFTER_DONE, MAPPING", "AFTER_DECIDED, COPY",
        "AFTER_DECIDED, MAPPING", "AFTER_COMMIT_BEFORE_PASS, COPY", "AFTER_ROLLED_BACK_BEFORE_ABORT, COPY", "AFTER_ABORT_BEFORE_PASS, COPY",
        "AFTER_ABORT_BEFORE_PASS, MAPPING"
    })
    void anActiveThatDiesInTheMiddleLeavesNothingHalfThere(String point, StandbyMode mode) throws IOException {
        try (Crash crash = new Crash(mode)) {
            Member active = crash.start(passage(point), "").get(0);
            crash.go();
            crash.awaitEnd(active);
            crash.awaitTakeover();

            crash.compareAndGoOn();
        }
    }

    /** The log that it followed does not say what was committed at the takeover. */
    @Test
    void anotherStandbyHasWhatWasDecidedAtATakeover() throws IOException {
        try (Crash crash = new Crash(StandbyMode.COPY)) {
            Member active = crash.start(passage("AFTER_DECIDED"), "").get(0);
            crash.another();
            crash.go();
            crash.awaitEnd(active);
            crash.awaitTakeover();
            crash.compare();
            crash.kill(crash.cluster.active(0));
            crash.awaitTakeover();

            crash.compareAndGoOn();
        }
    }

    /** The third one finds the same decisions. */
    @ParameterizedTest
    @CsvSource({"AFTER_PART_COMMITTED, MAPPING", "AFTER_SERVING, COPY"})
    void aSuccessorThatDiesInTheMiddleLeavesNothingHalfThere(String point, StandbyMode mode) throws IOException {
        try (Crash crash = new Crash(mode)) {
            List<Member> dying = crash.start(passage("AFTER_DECIDED"), point + ":1:KILL");
            crash.go();
            crash.awaitEnd(dying.get(0));
            crash.awaitEnd(dying.get(1));
            crash.cluster.join(crash.cluster.start(""), 0);
            crash.awaitTakeover();

            crash.compareAndGoOn();
        }
    }
}
