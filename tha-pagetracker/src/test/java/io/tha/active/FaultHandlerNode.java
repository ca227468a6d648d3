package io.tha.active;

import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.Memory;
import io.tha.tracker.TrackerKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM with two applications whose pools two threads write; and which is up to something else meanwhile, that is asked for. */
final class FaultHandlerNode {
    private static final Layout COUNTER = Layout.named("Counter").int64("value").build();
    private static final LongField VALUE = COUNTER.int64Field("value");
    private static final int OBJECTS = 20_000;
    private static final int REPETITIONS = 200_000;
    private static final int WRITES_PER_COMMIT = 50;

    private FaultHandlerNode() {}

    /** Directory, tracker, what to do. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        ThaConfig config = ThaConfig.builder().poolBytes(16 << 20).tracker(TrackerKind.valueOf(args[1])).build();
        List<Service> services = List.of(new Service(directory.resolve("a"), config), new Service(directory.resolve("b"), config));
        services.forEach(Thread::start);
        System.out.println("WORKS");
        switch (args[2]) {
            case "null" -> System.out.println("caught " + nullPointers());
            case "stack" -> System.out.println("caught " + stackOverflows());
            case "garbage" -> System.out.println("collected " + garbage());
            case "truncated" -> System.out.println("caught " + (truncatedFile(directory.resolve("file")) >= 50 ? "them" : "too few"));
            case "crash" -> Memory.putLong(0x10, 1);
            default -> throw new IllegalArgumentException(args[2]);
        }
        for (Service service : services) {
            service.finish();
        }
        System.out.println("DONE");
    }

    private static int nullPointers() {
        int caught = 0;
        int[][] arrays = {new int[1], null};
        for (int i = 0; i < REPETITIONS; i++) {
            try {
                caught -= lengthOf(arrays[i & 1]) - 1;
            } catch (NullPointerException e) {
                caught++;
            }
        }
        return caught;
    }

    private static int lengthOf(int[] array) {
        return array.length;
    }

    private static int stackOverflows() {
        int caught = 0;
        for (int i = 0; i < 200; i++) {
            try {
                caught -= depth(1) >>> 31;
            } catch (StackOverflowError e) {
                caught++;
            }
        }
        return caught;
    }

    private static int depth(int at) {
        return at == 0 ? 0 : depth(at + 1) + 1;
    }

    private static int garbage() {
        List<byte[]> kept = new ArrayList<>();
        int made = 0;
        for (int i = 0; i < REPETITIONS; i++) {
            kept.add(new byte[10_000]);
            made++;
            if (kept.size() == 1_000) {
                kept.clear();
            }
        }
        return made;
    }

    /** From compiled code the JVM throws somewhat later, maybe in the next round before that one's access. */
    private static int truncatedFile(Path path) throws IOException {
        Files.createFile(path);
        int caught = 0;
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            for (int i = 0; i <= 100; i++) {
                caught += faults(file, i == 100 ? 1 << 16 : 0) ? 1 : 0;
            }
        }
        return caught;
    }

    private static boolean faults(RandomAccessFile file, long lengthLeft) throws IOException {
        try {
            file.setLength(1 << 16);
            MappedByteBuffer buffer = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, 1 << 16);
            file.setLength(lengthLeft);
            return buffer.getLong(1 << 15) == -1;
        } catch (InternalError e) {
            return true;
        }
    }

    /** Writes and commits until it is told to finish; then each object must have what was written last. */
    private static final class Service extends Thread {
        private final ThaApplication application;
        private final long[] handles = new long[OBJECTS];
        private final long[] expected = new long[OBJECTS];
        private volatile boolean stop;
        private volatile Throwable failure;

        Service(Path directory, ThaConfig config) {
            super("service");
            setDaemon(true);
            application = ThaApplication.open(directory, "app", config);
            application.register(COUNTER);
            for (int i = 0; i < OBJECTS; i++) {
                handles[i] = application.pool().allocateDynamic(COUNTER);
            }
            application.begin().commit();
        }

        @Override
        public void run() {
            try {
                for (int i = 0; !stop; i++) {
                    work(i);
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }

        private void work(int i) {
            try (Transaction transaction = application.begin()) {
                for (int j = 0; j < WRITES_PER_COMMIT; j++) {
                    int object = (int) ((i * 7_919L + j * 4_999L) % OBJECTS);
                    VALUE.set(application.pool(), handles[object], ++expected[object]);
                }
                transaction.commit();
            }
        }

        void finish() throws InterruptedException {
            stop = true;
            join();
            if (failure != null) {
                throw new IllegalStateException("the service failed", failure);
            }
            // Aborted: what was written and not reported would stay.
            Transaction transaction = application.begin();
            for (int object = 0; object < OBJECTS; object++) {
                VALUE.set(application.pool(), handles[object], -1);
            }
            transaction.abort();
            for (int object = 0; object < OBJECTS; object++) {
                if (VALUE.get(application.pool(), handles[object]) != expected[object]) {
                    throw new IllegalStateException("object " + object + " has " + VALUE.get(application.pool(), handles[object]) + ", expected "
                            + expected[object]);
                }
            }
            application.close();
        }
    }
}
