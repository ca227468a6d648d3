package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.follow.ScrubFinding;
import io.tha.follow.ScrubStatus;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Sampled;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A standby's pool file is damaged while its active, another process, makes transactions: the damage is found, told by name, and repaired. */
@Timeout(240)
@Sampled
class ScrubTest {
    private static final int ROUNDS = 2;
    private static final int DAMAGES = 10;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** docs/formats.md 2.1, 2.2, and 3.1, 3.4. */
    private static final long PAGE_LENGTH = 4_096;

    private static final long PAGE_ENTRY_LENGTH = 16;
    private static final long SLOT_LENGTH_OFFSET = 4;
    private static final long RING_LENGTH = 64 << 10;
    private static final long READERS_OFFSET = 5_120;
    private static final long REQUEST_OFFSET = 264;
    private static final long REQUEST_LENGTH = 24;

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
        ForkedJvm node = ForkedJvm.of(ScrubNode.class).args(directory, role, random.nextLong()).deadline(DEADLINE).start();
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
                damageAndAwait(standby, standby.read(this::damages));
            }
            ScrubStatus scrub = standby.status().scrub();
            assertEquals(0, scrub.rebuilt(), "copies that were built anew");
            assertTrue(scrub.repaired() >= ROUNDS * DAMAGES, () -> scrub.toString());
            assertSame(active, standby);
        }
    }

    @Test
    void damageToAnyByteOfASlotsHeaderIsRepaired() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby standby = standby()) {
            List<Damage> damages = standby.read(pool -> {
                List<Long> quiet = quiet(pool);
                Collections.shuffle(quiet, random);
                return IntStream.range(0, Damage.HEADER_LENGTH).mapToObj(at -> Damage.ofHeader(pool, quiet.get(at), at, random)).toList();
            });

            damageAndAwait(standby, damages);

            assertEquals(0, standby.status().scrub().rebuilt(), "copies that were built anew");
            assertSame(active, standby);
        }
    }

    @Test
    void damageAnywhereInAnObjectThatIsHashedInPartsIsRepaired() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby standby = standby()) {
            List<Damage> damages = standby.read(pool -> {
                long vast = pool.find("vast");
                int many = ScrubNode.VAST.pointerField("many").offset();
                int last = ScrubNode.VAST.int64Field("last").offset();
                return List.of(
                        Damage.of(pool, vast, "first", 0, random),
                        Damage.of(pool, vast, "filling", 100_000, random),
                        Damage.of(pool, vast, "many[0]", many + 3, random),
                        Damage.of(pool, vast, "many[3999]", many + 3_999 * Long.BYTES + 1, random),
                        Damage.of(pool, vast, "last", last + 7, random));
            });

            damages.forEach(damage -> damage.make(file(standby)));

            awaitTold(standby, damages);
            assertSame(active, standby);
        }
    }

    @Test
    void whatCannotBeRepairedInItsPlaceIsBuiltAnew() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby standby = standby()) {
            damageBeyondRepair(standby, 1, pool -> {
                long nameWord = Memory.getLong(pool.address(pool.find("quiet-0")) - 2 * Long.BYTES);
                return new Damage("quiet-0", "Small", ScrubFinding.NAME, nameWord + Short.BYTES + 2, 4);
            });
            damageBeyondRepair(standby, 2, pool -> {
                long page = ObjectMemory.bodyOffset(pool.find("quiet-2")) / PAGE_LENGTH;
                return new Damage(null, null, null, PAGE_LENGTH + page * PAGE_ENTRY_LENGTH + SLOT_LENGTH_OFFSET, 8);
            });
            assertSame(active, standby);
        }
    }

    private static void damageBeyondRepair(ThaStandby standby, int rebuilt, Function<ThaPool, Damage> place) {
        Damage damage = standby.read(place);
        damage.make(file(standby));

        LedgerDomain.await(damage + " has the copy built anew", () -> standby.status().scrub().rebuilt() == rebuilt);

        List<ScrubFinding> told = standby.scrubFindings();
        assertEquals(damage.object(), told.get(told.size() - 1).object());
        assertEquals(damage.field(), told.get(told.size() - 1).field());
        LedgerDomain.await("another copy", () -> standby.status().ready());
    }

    @Test
    void aStandbyJoinsWhenNothingButScrubbingWasDoneForSeveralRings() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby first = standby()) {
            assertSame(active, first);
            long before = first.status().position();
            LedgerDomain.await("several rings", () -> first.status().position() > before + 4L * RING_LENGTH);

            try (ThaStandby late = standby()) {
                assertEquals(digest(first), digest(late));
            }
        }
    }

    @Test
    void ofSeveralStandbysTheDamagedOneIsRepairedAndOnlyItTellsSo() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby first = standby(); ThaStandby second = standby(); ThaStandby sound = standby()) {
            List<Damage> ofFirst = first.read(this::damages);
            List<Damage> ofSecond = second.read(this::damages);
            ofFirst.forEach(damage -> damage.make(file(first)));
            ofSecond.forEach(damage -> damage.make(file(second)));

            awaitTold(first, ofFirst);
            awaitTold(second, ofSecond);

            assertEquals(List.of(), sound.scrubFindings());
            assertEquals(0, sound.status().scrub().suspects());
            assertSame(active, first);
            LedgerDomain.await("the same everywhere", () -> digest(first).equals(digest(second)) && digest(first).equals(digest(sound)));
        }
    }

    @Test
    void whoHasTakenOverGoesOnScrubbingAndWhoJoinsUnderLoadSeesNoFalseAlarm() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        ForkedJvm successor = node("standby");
        successor.awaitLine("READY");
        for (int i = 0; i < 3; i++) {
            try (ThaStandby joiner = standby()) {
                LedgerDomain.await("scrubbed objects", () -> joiner.status().scrub().objects() > 100);
                assertEquals(0, joiner.status().scrub().suspects());
                assertEquals(0, joiner.status().scrub().rebuilt());
            }
        }
        active.kill();
        successor.awaitLine("SERVING");
        try (ThaStandby standby = standby()) {
            damageAndAwait(standby, standby.read(this::damages));
            assertSame(successor, standby);
        }
    }

    @Test
    void nothingIsFoundInLocalFields() throws InterruptedException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby standby = standby()) {
            List<Damage> damages = standby.read(pool -> {
                long mixed = pool.find("quiet-4");
                return Stream.of("own", "leg.seen", "legs[1].seen").map(path -> Damage.of(pool, mixed, path, localOffset(path), random)).toList();
            });
            long before = standby.status().scrub().objects();
            damages.forEach(damage -> damage.make(file(standby)));

            LedgerDomain.await("a thousand objects more", () -> standby.status().scrub().objects() > before + 1_000);

            assertEquals(0, standby.status().scrub().suspects());
            assertSame(active, standby);
        }
    }

    private static int localOffset(String path) {
        return path.equals("own") ? EveryField.MIXED.int64Field(path).offset() : EveryField.MIXED.int32Field(path).offset();
    }

    /** Whoever has the log mapped can write the words by which standbys ask. */
    @Test
    void requestsThatMakeNoSenseHurtNobody() throws InterruptedException, IOException {
        ForkedJvm active = node("active");
        active.awaitLine("SERVING");
        try (ThaStandby standby = standby();
                FileChannel log = FileChannel.open(
                        directory.resolve(ScrubNode.APPLICATION + ".1.log"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer words = log.map(FileChannel.MapMode.READ_WRITE, READERS_OFFSET + REQUEST_OFFSET, REQUEST_LENGTH);
            words.order(ByteOrder.LITTLE_ENDIAN);
            long vast = standby.read(pool -> pool.find("vast"));
            for (int i = 0; i < 2_000; i++) {
                long handle = random.nextInt(3) == 0 ? vast + ((long) random.nextInt(1 << 20) << ObjectMemory.GENERATION_BITS) : random.nextLong();
                words.putLong(Long.BYTES, random.nextInt(4) == 0 ? handle & 0xFFFFFF_FFFFL : random.nextInt(2) == 0 ? vast : handle);
                words.putInt(2 * Long.BYTES, random.nextInt());
                words.putInt(2 * Long.BYTES + Integer.BYTES, random.nextInt());
                words.putLong(0, random.nextLong());
                if (i % 20 == 0) {
                    standby.read(pool -> pool.find("vast"));
                    Thread.onSpinWait();
                }
            }
            assertEquals(0, standby.status().scrub().suspects());
            damageAndAwait(standby, standby.read(this::damages));
            assertSame(active, standby);
        }
    }

    /** In objects that nobody writes, each in another one; waits until all are repaired. */
    private static void damageAndAwait(ThaStandby standby, List<Damage> damages) {
        long before = standby.status().scrub().repaired();
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
        LedgerDomain.await("the active's content, " + expected, () -> expected.equals(digest(standby)));
    }

    private String digest(ThaStandby standby) {
        return LedgerDomain.readOr("nothing to read in " + System.identityHashCode(standby), standby, pool -> ScrubNode.digest(fields, pool));
    }
}
