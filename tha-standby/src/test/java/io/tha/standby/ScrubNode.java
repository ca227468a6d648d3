package io.tha.standby;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.PointerField;
import io.tha.pool.ThaPool;
import io.tha.standby.EveryField.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * A service that makes random transactions in three groups, with creations, deletions, flushes, aborts, and some larger than the ring allows; and
 * leaves its quiet objects alone. Arguments: domain directory, role (active or standby), seed.
 *
 * <p>Prints {@code SERVING} when it is the active, and for each line that it reads {@code STATE} with the number of objects and their
 * {@link #digest}. On {@code QUIET} it makes no more transactions.
 */
final class ScrubNode {
    static final String APPLICATION = "scrubbed";
    static final int QUIET_OBJECTS = 24;
    static final ThaConfig CONFIG = ThaConfig.builder()
            .poolBytes(8 << 20)
            .ringBytes(64 << 10)
            .readerTimeout(Duration.ofSeconds(60))
            .lease(Duration.ZERO)
            .scrubShare(0.2)
            .build();
    /** Larger than what is hashed in one piece. */
    static final Layout VAST =
            Layout.named("Vast").int64("first").pointer("one").bytes("filling", 150_000).pointerArray("many", "", 4_000).int64("last").build();

    private static final int GROUPS = 3;
    private static final int MOST_BUSY_OBJECTS = 60;

    private final EveryField fields = new EveryField();
    private final ThaApplication application;
    private final ThaPool pool;
    private final Random random;
    private final List<List<Long>> busy = new ArrayList<>();
    private int created;

    private ScrubNode(ThaApplication application, long seed) {
        this.application = application;
        pool = application.pool();
        random = new Random(seed);
        for (int group = 0; group < GROUPS; group++) {
            busy.add(new ArrayList<>());
        }
    }

    public static void main(String[] args) throws InterruptedException, IOException {
        Path directory = Path.of(args[0]);
        long seed = Long.parseLong(args[2]);
        if (args[1].equals("active")) {
            ScrubNode node = new ScrubNode(ThaApplication.open(directory, APPLICATION, CONFIG), seed);
            node.createQuiet();
            node.run();
        } else {
            ThaStandby standby = ThaStandby.open(directory, APPLICATION, CONFIG);
            standby.awaitReady();
            System.out.println("READY");
            ScrubNode node = new ScrubNode(standby.awaitTakeover().application(), seed);
            node.deleteBusy();
            node.run();
        }
    }

    /** Objects of all layouts, in all groups, with static and implicit names, that point to each other. */
    private void createQuiet() {
        EveryField.LAYOUTS.forEach(application::register);
        application.register(VAST);
        for (int group = 1; group < GROUPS; group++) {
            pool.createGroup("group" + group);
        }
        List<Long> quiet = new ArrayList<>();
        for (int i = 0; i < QUIET_OBJECTS; i++) {
            int layout = i % EveryField.LAYOUTS.size();
            long object = allocate(EveryField.LAYOUTS.get(layout), i % 2 == 0 ? "quiet-" + i : null, i % GROUPS);
            fields.entered(pool.objectIdOf(object), object);
            quiet.add(object);
        }
        for (int i = 0; i < QUIET_OBJECTS; i++) {
            for (Value value : fields.of(i % EveryField.LAYOUTS.size())) {
                value.setter().set(pool, quiet.get(i), value.next().next(value.zero(), random));
            }
        }
        createVast(quiet);
        commit();
    }

    private long allocate(Layout layout, String name, int group) {
        return name == null ? pool.allocateDynamic(layout, "quiet", group) : pool.allocate(layout, name, group);
    }

    private void createVast(List<Long> quiet) {
        long vast = pool.allocate(VAST, "vast");
        byte[] filling = new byte[150_000];
        random.nextBytes(filling);
        VAST.int64Field("last").set(pool, vast, random.nextLong());
        VAST.bytesField("filling").set(pool, vast, 0, filling);
        PointerField many = VAST.pointerField("many");
        for (int i = 0; i < many.count(); i++) {
            many.set(pool, vast, i, quiet.get(random.nextInt(quiet.size())));
        }
    }

    private void deleteBusy() {
        pool.forEach(object -> {
            if (pool.nameOf(object).startsWith("busy")) {
                pool.delete(object);
            }
        });
        commit();
    }

    private void commit() {
        try (Transaction transaction = application.begin()) {
            transaction.commit();
        }
    }

    private void run() throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("SERVING");
        boolean quiet = false;
        while (true) {
            while (!quiet && !input.ready()) {
                transaction(random.nextInt(GROUPS));
            }
            String line = input.readLine();
            if (line == null) {
                return;
            }
            quiet |= line.equals("QUIET");
            System.out.println("STATE " + digest(fields, pool));
        }
    }

    private void transaction(int group) {
        boolean aborts = random.nextInt(6) == 0;
        List<Long> before = List.copyOf(busy.get(group));
        try (Transaction transaction = application.begin(group)) {
            for (int i = random.nextInt(12); i > 0; i--) {
                step(group);
                if (random.nextInt(20) == 0) {
                    transaction.flush();
                }
            }
            if (aborts) {
                transaction.abort();
                busy.set(group, new ArrayList<>(before));
            } else {
                transaction.commit();
            }
        }
    }

    private void step(int group) {
        List<Long> objects = busy.get(group);
        int action = random.nextInt(10);
        if (action < 2 && objects.size() < MOST_BUSY_OBJECTS || objects.isEmpty()) {
            Layout layout = EveryField.LAYOUTS.get(random.nextInt(8) == 0 ? 2 : random.nextInt(2));
            long object = random.nextBoolean()
                    ? pool.allocate(layout, "busy-" + group + "-" + created++, group)
                    : pool.allocateDynamic(layout, "busy", group);
            fields.entered(pool.objectIdOf(object), object);
            objects.add(object);
        } else if (action == 2) {
            pool.delete(objects.remove(random.nextInt(objects.size())));
        } else {
            long object = objects.get(random.nextInt(objects.size()));
            List<Value> values = fields.of(EveryField.LAYOUTS.indexOf(pool.layoutOf(object)));
            Value value = values.get(random.nextInt(values.size()));
            value.setter().set(pool, object, value.next().next(value.getter().get(pool, object), random));
        }
    }

    /** How many objects there are, and a number that tells all that is replicated of them. */
    static String digest(EveryField fields, ThaPool pool) {
        CRC32 crc = new CRC32();
        var content = CaptureModel.content(fields, pool, object -> !pool.layoutOf(object).equals(VAST));
        content.forEach((id, text) -> crc.update((id + " " + text).getBytes(StandardCharsets.UTF_8)));
        byte[] filling = new byte[150_000];
        long vast = pool.find("vast");
        VAST.bytesField("filling").get(pool, vast, 0, filling);
        crc.update(filling);
        PointerField many = VAST.pointerField("many");
        for (int i = 0; i < many.count(); i++) {
            crc.update(pool.nameOf(many.get(pool, vast, i)).getBytes(StandardCharsets.UTF_8));
        }
        crc.update(Long.toString(VAST.int64Field("last").get(pool, vast)).getBytes(StandardCharsets.UTF_8));
        return content.size() + " " + crc.getValue();
    }
}
