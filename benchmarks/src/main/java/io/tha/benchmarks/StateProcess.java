package io.tha.benchmarks;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.capture.Comparison;
import io.tha.capture.Snapshot;
import io.tha.memory.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A process with state and nothing else, which tells what memory it has. */
final class StateProcess {
    /** What it prints: bytes of shared memory, of the most of other memory that it took since its start, of its heap after a collection. */
    static final String MEMORY = "MEMORY";

    private static final int TRANSACTIONS = 300;
    private static final int KIB = 1 << 10;

    private StateProcess() {}

    /** Arguments: domain directory, kind of snapshot, number of objects, objects per transaction. */
    public static void main(String[] args) throws IOException {
        int objects = Integer.parseInt(args[2]);
        int length = Integer.parseInt(args[3]);
        long handles = Memory.allocate((long) objects * Long.BYTES);
        for (int i = 0; i < objects; i++) {
            Memory.putLong(handles + (long) i * Long.BYTES, -1); // before the first look: they are not the engine's
        }
        long before = status("RssAnon");
        long most = before;
        if (args[1].equals(HowMuchMemoryDoesStateTake.PLAIN)) {
            plain(objects);
        } else {
            Snapshot snapshot = Snapshot.valueOf(args[1]);
            ThaApplication application = ThaApplication.open(
                    Path.of(args[0]),
                    PeerProcess.NAME,
                    ThaConfig.builder()
                            .poolBytes(Items.poolBytes(objects))
                            .snapshot(snapshot)
                            .comparison(snapshot == Snapshot.NONE ? Comparison.NOWHERE : Comparison.ACTIVE)
                            .build());
            create(application, handles, objects);
            most = write(application, handles, objects, length);
        }
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long other = Math.max(most, status("RssAnon")) - before;
        System.out.println(MEMORY + " " + status("RssShmem") + " " + other + " " + (runtime.totalMemory() - runtime.freeMemory()));
        System.in.read();
    }

    private static void plain(int objects) {
        long memory = Memory.allocate((long) objects * Items.BODY_BYTES);
        for (long i = 0; i < (long) objects * Items.FIELD_COUNT; i++) {
            Memory.putLong(memory + i * Long.BYTES, i);
        }
    }

    private static void create(ThaApplication application, long handles, int objects) {
        application.register(Items.LAYOUT);
        Transaction transaction = application.begin();
        for (int i = 0; i < objects; i++) {
            Memory.putLong(handles + (long) i * Long.BYTES, application.pool().allocateDynamic(Items.LAYOUT));
            if (i % 1_000 == 0) {
                transaction.commit();
                transaction.close();
                transaction = application.begin();
            }
        }
        transaction.commit();
        transaction.close();
    }

    /** Returns the most of other memory that there was with a transaction open. */
    private static long write(ThaApplication application, long handles, int objects, int length) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        long most = 0;
        for (int i = 0; i < TRANSACTIONS; i++) {
            try (Transaction transaction = application.begin()) {
                for (int j = 0; j < length; j++) {
                    long handle = Memory.getLong(handles + (long) random.nextInt(objects) * Long.BYTES);
                    Items.FIELDS[0].set(application.pool(), handle, i);
                }
                most = Math.max(most, status("RssAnon"));
                transaction.commit();
            }
        }
        return most;
    }

    private static long status(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
            }
        }
        throw new IOException("/proc/self/status does not tell " + name);
    }
}
