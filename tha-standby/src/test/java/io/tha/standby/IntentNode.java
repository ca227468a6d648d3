package io.tha.standby;

import io.tha.Intent;
import io.tha.Outcome;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.takeover.Takeover;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A service that announces each of its transactions by two intents, in several groups at once, and does again what was lost with its predecessor.
 * Says READY, SERVING, and WRONG when something was not as it must be.
 */
final class IntentNode {
    static final String APPLICATION = "intents";
    static final ThaConfig CONFIG = ThaConfig.builder()
            .poolBytes(4 << 20)
            .ringBytes(64 << 10)
            // Nodes are stopped for as long as others need to start: that is no hang.
            .lease(Duration.ZERO)
            .standbyMode(StandbyMode.valueOf(System.getProperty(LedgerNode.MODE_PROPERTY, "COPY")))
            .build();
    static final Layout COUNTER = Layout.named("Counter").int64("value").build();
    static final LongField VALUE = COUNTER.int64Field("value");

    private static final int GROUPS = 2;
    private static final String SEPARATOR = ":";
    private static final List<String> PARTS = List.of("a", "b");

    private final Random random = new Random();
    private final FileChannel marks;
    private ThaApplication application;

    private IntentNode(Path marks) throws IOException {
        this.marks = FileChannel.open(marks, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Arguments: domain directory, file of marks, role. */
    public static void main(String[] args) throws Exception {
        IntentNode node = new IntentNode(Path.of(args[1]));
        if (args[2].equals("active")) {
            node.application = ThaApplication.open(Path.of(args[0]), APPLICATION, CONFIG);
            node.application.register(COUNTER);
            for (int i = 0; i < GROUPS; i++) {
                node.application.pool().allocate(COUNTER, "counter/" + i, node.application.pool().createGroup("group/" + i));
            }
            node.application.begin().commit();
            System.out.println("READY");
        } else {
            ThaStandby standby = ThaStandby.open(Path.of(args[0]), APPLICATION, CONFIG);
            standby.register(COUNTER);
            standby.awaitReady();
            System.out.println("READY");
            node.goOn(standby.awaitTakeover());
        }
        for (int i = 0; i < GROUPS; i++) {
            int group = i;
            Thread worker = new Thread(() -> node.work(group));
            worker.setUncaughtExceptionHandler((thread, failure) -> {
                failure.printStackTrace();
                Runtime.getRuntime().halt(1);
            });
            worker.start();
        }
        Thread.currentThread().join();
    }

    private void work(int group) {
        long counter = counter(group);
        for (long k = VALUE.get(application.pool(), counter) + 1; ; k++) {
            try (Transaction transaction = application.begin(application.pool().groupOf(counter))) {
                marks(id(group), transaction.id(), k);
                for (String part : PARTS) {
                    transaction.intent((group + SEPARATOR + k + SEPARATOR + part).getBytes(StandardCharsets.UTF_8));
                }
                mark(intended(group), k);
                VALUE.set(application.pool(), counter, k);
                transaction.commit();
            }
            mark(committed(group), k);
        }
    }

    private long counter(int group) {
        return application.pool().find("counter/" + group);
    }

    private void goOn(Takeover takeover) {
        application = takeover.application();
        long last = -1;
        for (Intent intent : takeover.intents()) {
            require(intent.number() > last, "order of " + intent);
            last = intent.number();
        }
        for (int group = 0; group < GROUPS; group++) {
            doAgain(group, of(group, takeover.intents()));
        }
        System.out.println("SERVING handedBack=" + takeover.intents().size());
    }

    private static List<Intent> of(int group, List<Intent> intents) {
        return intents.stream().filter(intent -> intent.text().startsWith(group + SEPARATOR)).toList();
    }

    private void doAgain(int group, List<Intent> intents) {
        long counter = counter(group);
        long value = VALUE.get(application.pool(), counter);
        require(value >= mark(committed(group)), "committed " + mark(committed(group)) + ", found " + value);
        require(mark(intended(group)) <= value || !intents.isEmpty(), "no intent of " + mark(intended(group)) + ", the state is at " + value);
        requireOutcome(group, value, intents);
        List<String> expected = new ArrayList<>();
        PARTS.forEach(part -> expected.add(group + SEPARATOR + (value + 1) + SEPARATOR + part));
        expected.removeIf(text -> intents.stream().noneMatch(intent -> intent.text().equals(text)));
        require(expected.equals(intents.stream().map(Intent::text).toList()), "state at " + value + ", handed back " + intents);
        if (intents.isEmpty()) {
            return;
        }
        int next = 0;
        if (intents.size() > 1 && random.nextBoolean()) {
            // One of them alone: a process that dies now leaves the other one to the next.
            try (Transaction transaction = application.begin()) {
                transaction.acknowledge(intents.get(0));
                transaction.commit();
            }
            next = 1;
        }
        try (Transaction transaction = application.begin(application.pool().groupOf(counter))) {
            marks(id(group), transaction.id(), value + 1);
            intents.subList(next, intents.size()).forEach(transaction::acknowledge);
            VALUE.set(application.pool(), counter, value + 1);
            transaction.commit();
        }
        mark(committed(group), value + 1);
    }

    /** Of the last transaction that the process before had begun. */
    private void requireOutcome(int group, long value, List<Intent> intents) {
        long id = mark(id(group));
        long k = mark(id(group) + 1);
        Outcome outcome = application.outcome(id);
        boolean published = intents.stream().anyMatch(intent -> intent.transactionId() == id);
        Outcome expected = published ? Outcome.ABORTED : k == 0 || k > value ? Outcome.UNKNOWN_NEVER_PUBLISHED : Outcome.COMMITTED;
        require(outcome == expected, "transaction " + id + " for " + k + ", state at " + value + ": " + outcome + ", " + intents);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            System.out.println("WRONG " + otherwise);
            System.exit(1);
        }
    }

    private static int intended(int group) {
        return 2 * group;
    }

    private static int committed(int group) {
        return 2 * group + 1;
    }

    private static int id(int group) {
        return 2 * GROUPS + 2 * group;
    }

    /** Writes words that follow each other, all at once. */
    private void marks(int index, long first, long second) {
        try {
            marks.write(ByteBuffer.allocate(2 * Long.BYTES).putLong(0, first).putLong(Long.BYTES, second), (long) index * Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mark(int index, long k) {
        try {
            marks.write(ByteBuffer.allocate(Long.BYTES).putLong(0, k), (long) index * Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long mark(int index) {
        try {
            ByteBuffer word = ByteBuffer.allocate(Long.BYTES);
            return marks.read(word, (long) index * Long.BYTES) == Long.BYTES ? word.getLong(0) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
