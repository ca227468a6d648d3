package io.tha.active;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may begin a transaction over what, and when. */
class TransactionTest {
    private static final Layout COUNTER = Layout.named("Counter").int64("value").build();
    private static final LongField VALUE = COUNTER.int64Field("value");
    private static final int GROUPS = 4;

    private final DomainDirectory directory = DomainDirectory.create();
    private final int[] groups = new int[GROUPS];
    private ThaApplication application;

    @BeforeEach
    void open() {
        application = ThaApplication.open(
                directory.resolve("domain"), "test", ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).build());
        application.register(COUNTER);
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = application.pool().createGroup("group " + i);
        }
    }

    @AfterEach
    void close() {
        application.close();
        directory.close();
    }

    @Test
    void aGroupBelongsToOneTransaction() {
        try (Transaction first = application.begin(groups[1], groups[2])) {
            assertConflict("group " + groups[2], () -> application.begin(groups[2]));
            assertConflict("1 of its own", () -> application.begin());
            application.begin(groups[0]).commit();
            first.commit();
        }
        application.begin().commit();
        application.begin(groups[2]).commit();
    }

    @Test
    void allGroupsBelongToOneTransaction() {
        try (Transaction all = application.begin()) {
            assertConflict("all groups", () -> application.begin());
            assertConflict("all groups", () -> application.begin(groups[0]));
            assertConflict("all groups", () -> application.begin(groups[0], groups[1]));
            all.commit();
        }
        application.begin(groups[0], groups[1]).commit();
    }

    @Test
    void whoDoesNotGetAllGetsNothing() {
        Transaction taken = application.begin(groups[2]);
        assertConflict("group " + groups[2], () -> application.begin(groups[0], groups[1], groups[2]));
        assertConflict("group " + groups[0], () -> application.begin(groups[0], groups[0]));
        assertThrows(IllegalArgumentException.class, () -> application.begin(groups[0], 99));
        assertThrows(IllegalArgumentException.class, () -> application.begin(-1));
        assertThrows(IllegalArgumentException.class, () -> application.begin(new int[0]));
        application.begin(groups[0], groups[1]).commit();
        taken.commit();
        application.begin().commit();
    }

    private static void assertConflict(String with, Runnable begin) {
        IllegalStateException e = assertThrows(IllegalStateException.class, begin::run);
        assertTrue(e.getMessage().contains(with), e.getMessage());
    }

    /** What a closing block does to a transaction that it has committed must not reach the one that has come after. */
    @Test
    void closingADecidedTransactionLeavesTheNextOneAlone() {
        long handle = application.pool().allocate(COUNTER, "counter");
        Transaction first = application.begin();
        first.commit();
        Transaction second = application.begin();
        VALUE.set(application.pool(), handle, 7);
        first.close();
        second.commit();

        assertEquals(7, VALUE.get(application.pool(), handle));
        assertThrows(IllegalStateException.class, first::commit);
    }

    @Test
    void whatIsOpenWhenTheApplicationClosesIsLostAndSaysSo() {
        long handle = application.pool().allocate(COUNTER, "counter");
        application.begin().commit();
        Transaction transaction = application.begin();
        VALUE.set(application.pool(), handle, 7);
        application.close();
        assertThrows(IllegalStateException.class, transaction::flush);
        assertThrows(IllegalStateException.class, transaction::commit);
        assertThrows(IllegalStateException.class, transaction::abort);
        assertThrows(IllegalStateException.class, () -> application.begin());
    }

    /** Each thread increments counters of groups that it has claimed: an increment is lost where two have the same one. */
    @Test
    void threadsExcludeEachOtherByGroup() throws InterruptedException, ExecutionException {
        int rounds = 20_000;
        long[] counters = new long[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            counters[i] = application.pool().allocate(COUNTER, "counter " + i, groups[i]);
        }
        application.begin().commit();
        Set<Long> ids = ConcurrentHashMap.newKeySet();
        long seed = Seeds.seed();
        ExecutorService threads = Executors.newFixedThreadPool(GROUPS);
        List<Future<long[]>> increments = new ArrayList<>();
        for (int thread = 0; thread < GROUPS; thread++) {
            Random random = new Random(seed + thread);
            increments.add(threads.submit(() -> increment(random, rounds, counters, ids)));
        }
        long[] expected = new long[GROUPS];
        long transactions = 0;
        for (Future<long[]> future : increments) {
            long[] counted = future.get();
            for (int i = 0; i < GROUPS; i++) {
                expected[i] += counted[i];
            }
            transactions += counted[GROUPS];
        }
        threads.shutdown();
        for (int i = 0; i < GROUPS; i++) {
            assertEquals(expected[i], VALUE.get(application.pool(), counters[i]), "counter " + i);
        }
        assertEquals(transactions, ids.size(), "ids");
    }

    /** How often it incremented each, and in how many transactions. */
    private long[] increment(Random random, int rounds, long[] counters, Set<Long> ids) {
        long[] counted = new long[GROUPS + 1];
        for (int round = 0; round < rounds; round++) {
            int first = random.nextInt(GROUPS);
            int second = (first + 1 + random.nextInt(GROUPS - 1)) % GROUPS;
            try (Transaction transaction = tryBegin(random.nextInt(16), first, second)) {
                if (transaction == null) {
                    continue;
                }
                VALUE.set(application.pool(), counters[first], VALUE.get(application.pool(), counters[first]) + 1);
                ids.add(transaction.id());
                transaction.commit();
                counted[first]++;
                counted[GROUPS]++;
            }
        }
        return counted;
    }

    /** Null where somebody else has one of the groups: the next round may have more luck. */
    private Transaction tryBegin(int choice, int first, int second) {
        try {
            if (choice == 0) {
                return application.begin();
            }
            return choice < 8 ? application.begin(groups[first]) : application.begin(groups[first], groups[second]);
        } catch (IllegalStateException e) {
            return null;
        }
    }
}
