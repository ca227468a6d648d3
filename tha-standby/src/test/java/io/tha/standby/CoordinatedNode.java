package io.tha.standby;

import io.tha.FencedException;
import io.tha.Outcome;
import io.tha.TransactionAbortedException;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.layout.IntField;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * One of several services that move amounts between them, to be killed: active, or standby and then active. It begins transactions of any of the
 * applications, tells each participant by its {@link Inbox} what to add, and does its part of those that it is told of.
 *
 * <p>Arguments: domain directory, directory of inboxes, number of the application, how many there are, role, seed. Prints {@code READY} as a standby,
 * {@code SERVING epoch}, {@code QUIET number} when it was told {@code PAUSE number} and nothing of it is undecided, and at {@code TELL file} writes
 * what it has to a file then and prints {@code TOLD number}. {@code GO} lets it begin transactions.
 */
final class CoordinatedNode {
    static final int ROOM = 1 << 18;
    private static final Duration LEASE = Duration.ofMillis(300);
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int MOST_UNDECIDED = 6;
    private static final int AMOUNT = 1 << 20;
    private static final int COLUMNS = 256;
    private static final Layout ROW = Layout.named("Row").int64Array("ids", COLUMNS).int64Array("amounts", COLUMNS).build();
    private static final Layout TOTAL = Layout.named("Total").int32("count").int64("sum").build();
    private static final LongField IDS = ROW.int64Field("ids");
    private static final LongField AMOUNTS = ROW.int64Field("amounts");
    private static final IntField COUNT = TOTAL.int32Field("count");
    private static final LongField SUM = TOTAL.int64Field("sum");

    private final Path domain;
    private final Path inboxes;
    private final int number;
    private final int applications;
    private final SplittableRandom random;
    private final List<Inbox> outboxes = new ArrayList<>();
    private final List<Long> undecided = Collections.synchronizedList(new ArrayList<>());
    /** The number of the pause; 0 for none. */
    private volatile int pause = 1;

    private volatile String tells;

    private CoordinatedNode(String[] args) {
        domain = Path.of(args[0]);
        inboxes = Path.of(args[1]);
        number = Integer.parseInt(args[2]);
        applications = Integer.parseInt(args[3]);
        random = new SplittableRandom(Long.parseLong(args[5]));
        for (int i = 0; i < applications; i++) {
            outboxes.add(new Inbox(inboxes.resolve("inbox-" + i)));
        }
    }

    static String name(int number) {
        return "app" + number;
    }

    private static ThaConfig config() {
        ThaConfig.Builder builder = ThaConfig.builder().poolBytes(12 << 20).ringBytes(256 << 10).lease(LEASE);
        builder.standbyMode(StandbyMode.valueOf(System.getProperty(LedgerNode.MODE_PROPERTY, "COPY")));
        if (!System.getProperty("tha.crashPoint", "").isEmpty()) {
            // Its thread passes crash points too, wherever the service's thread is at that moment.
            builder.scrubShare(0);
        }
        return builder.build();
    }

    public static void main(String[] args) throws InterruptedException {
        CoordinatedNode node = new CoordinatedNode(args);
        Thread commands = new Thread(node::obey, "commands");
        commands.setDaemon(true);
        commands.start();
        node.serve(args[4].equals("active") ? node.open() : node.follow());
    }

    private ThaApplication open() {
        ThaApplication application = ThaApplication.open(domain, name(number), config());
        application.register(ROW, TOTAL);
        try (Transaction transaction = application.begin()) {
            application.pool().allocate(TOTAL, "total");
            transaction.commit();
        }
        return application;
    }

    private ThaApplication follow() throws InterruptedException {
        ThaStandby standby = ThaStandby.open(domain, name(number), config());
        standby.register(ROW, TOTAL);
        standby.awaitReady();
        System.out.println("READY");
        return standby.awaitTakeover().application();
    }

    private void obey() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.startsWith("TELL ")) {
                    tells = line.substring("TELL ".length());
                } else {
                    pause = line.startsWith("PAUSE ") ? Integer.parseInt(line.substring("PAUSE ".length())) : 0;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(ThaApplication application) {
        Inbox told = new Inbox(inboxes.resolve("told-" + number));
        application.onDecision((id, outcome) -> {
            if (outcome == Outcome.COMMITTED) {
                told.add(id, 0);
            }
            undecided.remove((Long) id);
        });
        System.out.println("SERVING " + application.epoch());
        try (ThaCoordinator coordinator = ThaCoordinator.open(domain)) {
            work(application, coordinator);
        } catch (FencedException e) {
            System.out.println("FENCED " + e.getMessage());
        }
    }

    private void work(ThaApplication application, ThaCoordinator coordinator) {
        Inbox inbox = new Inbox(inboxes.resolve("inbox-" + number));
        inbox.skip();
        int quiet = 0;
        while (true) {
            int pausing = pause;
            Inbox.Entry entry = inbox.next();
            if (entry != null) {
                take(application, entry);
            } else if (pausing == 0) {
                begin(coordinator);
                LockSupport.parkNanos(PAUSE_NANOS);
            } else if (undecided.isEmpty()) {
                if (quiet < pausing) {
                    quiet = pausing;
                    System.out.println("QUIET " + quiet);
                }
                tellIfAsked(application.pool(), pausing);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void tellIfAsked(ThaPool pool, int pausing) {
        String file = tells;
        if (file != null) {
            tells = null;
            tell(pool, Path.of(file));
            System.out.println("TOLD " + pausing);
        }
    }

    private void begin(ThaCoordinator coordinator) {
        if (undecided.size() >= MOST_UNDECIDED) {
            return;
        }
        List<Integer> participants = new ArrayList<>();
        for (int i = 0; i < applications; i++) {
            if (random.nextInt(4) > 0) {
                participants.add(i);
            }
        }
        if (participants.isEmpty()) {
            return;
        }
        String[] names = participants.stream().map(CoordinatedNode::name).toArray(String[]::new);
        long id = random.nextInt(8) == 0 ? coordinator.beginCounted(names.length, names) : coordinator.begin(names);
        long sum = 0;
        for (int i = 0; i < participants.size(); i++) {
            long amount = i == participants.size() - 1 ? -sum : random.nextInt(AMOUNT);
            sum += amount;
            outboxes.get(participants.get(i)).add(id, amount);
        }
        if (random.nextInt(16) == 0) {
            abort(coordinator, id);
        }
    }

    private static void abort(ThaCoordinator coordinator, long id) {
        try {
            coordinator.abort(id);
        } catch (IllegalArgumentException e) {
            // It is decided, and all have acted on that.
        }
    }

    private void take(ThaApplication application, Inbox.Entry entry) {
        ThaPool pool = application.pool();
        try (Transaction part = application.join(entry.id())) {
            add(pool, entry);
            if (random.nextInt(32) == 0) {
                return; // Gives it up.
            }
            if (random.nextInt(16) == 0) {
                part.flush();
            }
            undecided.add(entry.id());
            if (part.done() == Outcome.ABORTED) {
                undecided.remove((Long) entry.id());
            }
        } catch (TransactionAbortedException | IllegalArgumentException e) {
            // It is aborted, and maybe forgotten.
            undecided.remove((Long) entry.id());
        }
        if (random.nextInt(200) == 0) {
            commitAlone(application);
        }
    }

    /** Waits for all that it is built on. */
    private void commitAlone(ThaApplication application) {
        try (Transaction transaction = application.begin()) {
            add(application.pool(), new Inbox.Entry(transaction.id(), 0));
            transaction.commit();
        } catch (TransactionAbortedException e) {
            // With what it was built on.
        }
    }

    private static void add(ThaPool pool, Inbox.Entry entry) {
        long total = pool.find("total");
        int count = COUNT.get(pool, total);
        if (count >= ROOM) {
            throw new IllegalStateException("more transactions than there is room for");
        }
        String name = "row-" + count / COLUMNS;
        long row = pool.find(name);
        if (row == 0) {
            row = pool.allocate(ROW, name);
        }
        IDS.set(pool, row, count % COLUMNS, entry.id());
        AMOUNTS.set(pool, row, count % COLUMNS, entry.amount());
        COUNT.set(pool, total, count + 1);
        SUM.add(pool, total, entry.amount());
    }

    private static void tell(ThaPool pool, Path file) {
        long total = pool.find("total");
        long sum = 0;
        try (Inbox inbox = new Inbox(file)) {
            for (int i = 0; i < COUNT.get(pool, total); i++) {
                long row = pool.find("row-" + i / COLUMNS);
                inbox.add(IDS.get(pool, row, i % COLUMNS), AMOUNTS.get(pool, row, i % COLUMNS));
                sum += AMOUNTS.get(pool, row, i % COLUMNS);
            }
        }
        if (sum != SUM.get(pool, total)) {
            throw new IllegalStateException("the sum is " + SUM.get(pool, total) + ", and the amounts have " + sum);
        }
    }
}
