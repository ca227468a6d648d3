package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.LayoutMismatchException;
import io.tha.ThaException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.DoubleField;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.layout.LongField;
import io.tha.layout.Utf8Field;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import io.tha.transform.Conversions;
import io.tha.transform.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One field split into two, two merged into one, one converted by a function and one moved into a nested structure; declared by the newer version
 * alone, in both directions.
 */
@Timeout(120)
class RulesTest {
    private static final ThaConfig CONFIG = ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).build();
    private static final Layout OLD = Layout.named("Person")
            .utf8("fullName", 24).int32("hours").int32("minutes").int32("fahrenheit").utf8("zip", 6).bytes("filling", 300).build();
    private static final Layout ADDRESS = Layout.named("Address").int64("street").utf8("zip", 6).build();
    private static final Layout NEW = Layout.named("Person")
            .utf8("first", 12).utf8("last", 12).int64("seconds").bytes("filling", 300).float64("celsius").struct("address", ADDRESS)
            .utf8("fullName", 24).int32("hours").int32("minutes").int32("fahrenheit").utf8("zip", 6).build();

    private static final Utf8Field OLD_NAME = OLD.utf8Field("fullName");
    private static final Utf8Field FULL = NEW.utf8Field("fullName");
    private static final Utf8Field FIRST = NEW.utf8Field("first");
    private static final Utf8Field LAST = NEW.utf8Field("last");
    private static final LongField SECONDS = NEW.int64Field("seconds");
    private static final DoubleField CELSIUS = NEW.float64Field("celsius");
    private static final IntField HOURS = NEW.int32Field("hours");
    private static final IntField MINUTES = NEW.int32Field("minutes");

    private static final Conversions RULES = Conversions.NONE
            .rule(new Rule(List.of("fullName"), List.of("first", "last"), RulesTest::split, RulesTest::join))
            .rule(new Rule(
                    List.of("hours", "minutes"),
                    List.of("seconds"),
                    (memory, person) -> SECONDS.set(memory, person, HOURS.get(memory, person) * 3600L + MINUTES.get(memory, person) * 60L),
                    (memory, person) -> {
                        HOURS.set(memory, person, (int) (SECONDS.get(memory, person) / 3600));
                        MINUTES.set(memory, person, (int) (SECONDS.get(memory, person) / 60 % 60));
                    }))
            .rule(new Rule(List.of("fahrenheit"), List.of("celsius"), RulesTest::toCelsius, RulesTest::toFahrenheit))
            .rule(Rule.moved(NEW, "zip", "address.zip"));

    private final DomainDirectory directory = DomainDirectory.create();

    private static void split(ObjectMemory memory, long person) {
        String[] names = FULL.get(memory, person).split(" ", 2);
        FIRST.set(memory, person, names[0]);
        LAST.set(memory, person, names.length == 1 ? "" : names[1]);
    }

    private static void join(ObjectMemory memory, long person) {
        FULL.set(memory, person, (FIRST.get(memory, person) + " " + LAST.get(memory, person)).trim());
    }

    private static void toCelsius(ObjectMemory memory, long person) {
        CELSIUS.set(memory, person, (NEW.int32Field("fahrenheit").get(memory, person) - 32) / 1.8);
    }

    private static void toFahrenheit(ObjectMemory memory, long person) {
        NEW.int32Field("fahrenheit").set(memory, person, (int) Math.round(CELSIUS.get(memory, person) * 1.8 + 32));
    }

    @AfterEach
    void remove() {
        directory.close();
    }

    private static void commit(ThaApplication active) {
        try (Transaction transaction = active.begin()) {
            transaction.commit();
        }
    }

    private static void awaitFollowed(ThaApplication active) {
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
    }

    private ThaStandby standby(ThaConfig config, Layout layout, Conversions conversions) {
        ThaStandby standby = ThaStandby.open(directory.path(), "app", config);
        standby.register(layout, conversions);
        return standby;
    }

    private record OldPerson(String name, int hours, int fahrenheit, String zip) {
        static OldPerson of(ThaPool pool, String object) {
            long person = pool.find(object);
            return new OldPerson(
                    OLD_NAME.get(pool, person),
                    OLD.int32Field("hours").get(pool, person),
                    OLD.int32Field("fahrenheit").get(pool, person),
                    OLD.utf8Field("zip").get(pool, person));
        }
    }

    @Test
    void aNewerStandbyComputesTheNewerFieldsAndAnOlderOneGetsTheOlderOnes() throws InterruptedException {
        ThaApplication older = ThaApplication.open(directory.path(), "app", CONFIG);
        older.register(OLD);
        long copied = older.pool().allocate(OLD, "copied");
        OLD_NAME.set(older.pool(), copied, "Ada Lovelace");
        OLD.int32Field("hours").set(older.pool(), copied, 2);
        OLD.int32Field("fahrenheit").set(older.pool(), copied, 212);
        commit(older);
        ThaStandby upgrade = standby(CONFIG, NEW, RULES);
        upgrade.awaitReady();
        OLD.int32Field("minutes").set(older.pool(), copied, 30);
        long followed = older.pool().allocate(OLD, "followed");
        OLD_NAME.set(older.pool(), followed, "Plato");
        OLD.utf8Field("zip").set(older.pool(), followed, "10439");
        commit(older);
        older.close();

        ThaApplication newer = upgrade.awaitTakeover().application();

        ThaPool pool = newer.pool();
        long first = pool.find("copied");
        assertEquals("Ada", FIRST.get(pool, first));
        assertEquals("Lovelace", LAST.get(pool, first));
        assertEquals(9000, SECONDS.get(pool, first));
        assertEquals(100, CELSIUS.get(pool, first));
        assertEquals("Plato", FIRST.get(pool, pool.find("followed")));
        assertEquals("10439", NEW.utf8Field("address.zip").get(pool, pool.find("followed")));

        LAST.set(pool, first, "Byron");
        long born = pool.allocate(NEW, "born");
        CELSIUS.set(pool, born, 37);
        NEW.utf8Field("address.zip").set(pool, born, "1");
        commit(newer);
        ThaStandby downgrade = standby(CONFIG, OLD, Conversions.NONE);
        downgrade.awaitReady();
        SECONDS.set(pool, pool.find("followed"), 7300);
        pool.allocate(NEW, "untouched");
        commit(newer);
        upgrade.close();
        newer.close();
        ThaApplication last = downgrade.awaitTakeover().application();

        assertEquals(new OldPerson("Ada Byron", 2, 212, ""), OldPerson.of(last.pool(), "copied"));
        assertEquals(new OldPerson("", 0, 99, "1"), OldPerson.of(last.pool(), "born"));
        assertEquals(new OldPerson("Plato", 2, 0, "10439"), OldPerson.of(last.pool(), "followed"));
        assertEquals(new OldPerson("", 0, 32, ""), OldPerson.of(last.pool(), "untouched"));
        downgrade.close();
        last.close();
    }

    /** Whatever notices the writes of the service also has to notice those of the rules. */
    @ParameterizedTest
    @EnumSource(CaptureMode.class)
    void theOlderFieldsFollowHoweverChangesAreFound(CaptureMode mode) throws InterruptedException {
        mode.requireAvailable();
        Random random = Seeds.random();
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", mode.configure(CONFIG.toBuilder()));
                ThaStandby standby = standby(CONFIG, OLD, Conversions.NONE)) {
            active.register(NEW, RULES);
            commit(active);
            mode.awaitReady(active, standby);
            List<Long> people = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                try (Transaction transaction = active.begin()) {
                    work(active.pool(), transaction, people, random);
                    if (mode.canAbort() && random.nextInt(6) == 0) {
                        transaction.abort();
                        people.removeIf(person -> !active.pool().isLive(person));
                    } else {
                        transaction.commit();
                    }
                }
            }
            awaitFollowed(active);

            standby.read(pool -> {
                for (long person : people) {
                    assertFollowed(active.pool(), person, pool);
                }
                return null;
            });
        }
    }

    private static void work(ThaPool pool, Transaction transaction, List<Long> people, Random random) {
        if (random.nextInt(2) == 0) {
            people.add(pool.allocate(NEW, "person" + random.nextLong()));
        }
        for (int j = random.nextInt(4); j > 0 && !people.isEmpty(); j--) {
            long person = people.get(random.nextInt(people.size()));
            FIRST.set(pool, person, "F" + random.nextInt(100));
            transaction.changed(person, FIRST);
            if (random.nextBoolean()) {
                CELSIUS.set(pool, person, random.nextInt(40));
                transaction.changed(person, CELSIUS);
            }
            if (random.nextInt(8) == 0) {
                transaction.flush();
            }
        }
    }

    private static void assertFollowed(ThaPool active, long person, ThaPool copy) {
        long here = copy.find(active.nameOf(person));
        assertEquals(FIRST.get(active, person), OLD_NAME.get(copy, here));
        assertEquals(Math.round(CELSIUS.get(active, person) * 1.8 + 32), OLD.int32Field("fahrenheit").get(copy, here));
    }

    @Test
    void aRuleThatFailsIsToldByWhomItConcerns() throws InterruptedException {
        Conversions failing = Conversions.NONE.rule(new Rule(
                List.of("zip"),
                List.of("address.zip"),
                (memory, person) -> {
                    throw new IllegalArgumentException("no newer one");
                },
                (memory, person) -> {
                    throw new IllegalArgumentException("no older one");
                }));
        try (ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG); ThaStandby standby = standby(CONFIG, NEW, failing)) {
            active.register(OLD);
            active.pool().allocate(OLD, "someone");
            commit(active);
            String failure = assertThrows(ThaException.class, standby::awaitReady).getMessage();
            assertTrue(failure.contains("[zip] to [address.zip]") && failure.contains("no newer one"), failure);
            commit(active);
        }
        DomainDirectory other = DomainDirectory.create();
        try (other; ThaApplication active = ThaApplication.open(other.path(), "app", CONFIG)) {
            active.register(NEW, failing);
            long person = active.pool().allocate(NEW, "someone");
            Transaction transaction = active.begin();
            String failure = assertThrows(LayoutMismatchException.class, transaction::commit).getMessage();
            assertTrue(failure.contains("no older one"), failure);
            transaction.abort();
            assertTrue(!active.pool().isLive(person));
            commit(active);
        }
    }

    @Test
    void rulesThatDoNotFitTheirLayoutAreRefused() {
        Rule unknown = new Rule(List.of("nothing"), List.of("zip"), (memory, person) -> {}, (memory, person) -> {});
        Rule both = new Rule(List.of("zip"), List.of("zip"), (memory, person) -> {}, (memory, person) -> {});
        try (ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG)) {
            assertThrows(LayoutException.class, () -> standby.register(NEW, Conversions.NONE.rule(unknown)));
            assertThrows(LayoutException.class, () -> standby.register(NEW, Conversions.NONE.rule(both)));
        }
        assertThrows(LayoutException.class, () -> Rule.moved(NEW, "zip", "first"));
        assertThrows(LayoutException.class, () -> Rule.moved(NEW, "zip", "address.nothing"));
    }
}
