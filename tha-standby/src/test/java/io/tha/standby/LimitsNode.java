package io.tha.standby;

import io.tha.ThaException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.BytesField;
import io.tha.memory.MappedFile;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A service whose process runs out of something on command. Arguments: domain directory, and "active" or "standby". Lines of standard input are
 * commands; each is answered by a line.
 *
 * <p>{@code FILES} and {@code HEAP} use up all there is; after HEAP, until the next line comes, and then it is free again. {@code
 * RELEASE} gives it back. {@code SMALL} and {@code LARGE} are transactions. {@code OPEN} opens the standby, closing it before if it is open. {@code
 * FAILURE} waits until the standby has given up.
 */
final class LimitsNode {
    private static final ThaConfig CONFIG = ThaConfig.builder()
            .poolBytes(2 << 20).ringBytes(64 << 10).readerTimeout(Duration.ofMinutes(10)).lease(Duration.ZERO).build();
    private static final BytesField CONTENT = Ledger.BLOB.bytesField("content");
    private static final int FILLER_LENGTH = 1 << 16;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path directory;
    private final List<FileInputStream> files = new ArrayList<>(1 << 16);
    private ThaApplication active;
    private Ledger ledger;
    private ThaStandby standby;
    private int stamp;

    private LimitsNode(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        LimitsNode node = new LimitsNode(Path.of(args[0]));
        node.warmUp();
        if (args[1].equals("active")) {
            node.active = ThaApplication.open(node.directory, LedgerNode.APPLICATION, CONFIG);
            node.ledger = new Ledger(node.active, 0);
            node.ledger.next(k -> { });
        }
        System.out.println("STARTED");
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(node.obey(line));
            }
        }
    }

    /** Classes that are loaded when something is refused: from directories they cannot be, when there is no file left to open. */
    private void warmUp() {
        System.getLogger(LimitsNode.class.getName()).log(System.Logger.Level.INFO, "it has begun");
        try {
            MappedFile.open(directory.resolve("nothing"), 1).close();
        } catch (ThaException expected) {
            System.out.println("warmed up: " + expected.getMessage());
        }
    }

    private String obey(String command) throws InterruptedException, IOException {
        try {
            switch (command) {
                case "FILES" -> useFiles();
                case "HEAP" -> useHeap();
                case "RELEASE" -> release();
                case "SMALL" -> ledger.next(k -> { });
                case "LARGE" -> large();
                case "OPEN" -> open();
                case "FAILURE" -> {
                    return "FAILURE " + failure();
                }
                default -> throw new IllegalArgumentException(command);
            }
            return "DONE " + command;
        } catch (ThaException e) {
            return "REFUSED " + e.getMessage();
        }
    }

    private void useFiles() {
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException expected) {
            // That was the last one.
        }
    }

    /** Whatever others give up meanwhile is taken too. */
    private static void useHeap() throws IOException {
        Object[] filler = null;
        int length = FILLER_LENGTH;
        while (System.in.available() == 0) {
            try {
                Object[] next = new Object[length];
                next[0] = filler;
                filler = next;
            } catch (OutOfMemoryError e) {
                length = Math.max(2, length / 2);
                if (length == 2) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private void release() throws IOException {
        for (FileInputStream file : files) {
            file.close();
        }
        files.clear();
    }

    private void large() {
        stamp++;
        try (Transaction transaction = active.begin()) {
            for (int i = 0; i < LedgerPlan.BLOBS; i++) {
                CONTENT.set(active.pool(), active.pool().find("blob-" + i), 0, LedgerPlan.blob(stamp, i));
            }
            transaction.commit();
        }
    }

    private void open() throws InterruptedException {
        if (standby != null) {
            standby.close();
        }
        standby = ThaStandby.open(directory, LedgerNode.APPLICATION, CONFIG);
        standby.register(Ledger.ROOT, Ledger.ACCOUNT, Ledger.ENTRY, Ledger.BLOB);
        standby.awaitReady();
    }

    private String failure() {
        while (standby.status().failure() == null) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return standby.status().failure();
    }
}
