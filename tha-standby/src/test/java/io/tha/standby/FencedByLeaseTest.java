package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.memory.Memory;
import io.tha.region.LogFile;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An active is stopped at the stores of its commits, intents, flushes, aborts and registrations, in as many applications at once; after the lease an
 * ordinary standby takes over all of them; then the active goes on, and changes no byte that counts.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FencedByLeaseTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    /** Of the control file, docs/formats.md 4.1 and 4.6. */
    private static final int APPLICATIONS_OFFSET = 69_632;

    private static final int APPLICATION_LENGTH = 512;
    private static final int BEAT_WORD_OFFSET = 448;

    private final DomainDirectory directory = DomainDirectory.create();
    private final Map<String, LogFile> oldLogs = new LinkedHashMap<>();

    @Test
    void whoeverIsStoppedAtAnyStoreAndReplacedAfterTheLeaseChangesNothingThatCounts() {
        try (directory;
                ForkedJvm active = ForkedJvm.of(FencedNode.class).args("active", directory).property("tha.crashPoint", "OBSERVED")
                        .deadline(DEADLINE).start()) {
            active.awaitLine("OPEN");
            try (ForkedJvm standby = ForkedJvm.of(FencedNode.class).args("standby", directory).deadline(DEADLINE).start()) {
                standby.awaitLine("READY");
                FencedStop.ALL.forEach(stop -> oldLogs.put(stop.application(), LogFile.open(log(stop, 1))));
                stop(active);
                assertAllServed(standby);
                Map<String, byte[]> before = contents();

                active.resume();
                active.send("GO");

                assertAllFenced(active);
                Map<String, byte[]> after = contents();
                assertEquals(before.keySet(), after.keySet());
                before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
                standby.send("GO");
                standby.awaitLine("GOES ON");
            }
        } finally {
            oldLogs.values().forEach(LogFile::close);
        }
    }

    private static void stop(ForkedJvm active) {
        active.send("GO");
        active.awaitLine("HELD");
        List<String> early = active.lines().stream().filter(line -> line.startsWith("ENDED")).toList();
        assertEquals(List.of(), early, "operations that do not come where they were to be stopped");
        active.stop();
    }

    private static void assertAllServed(ForkedJvm standby) {
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (FencedStop stop : FencedStop.ALL) {
            expected.add("SERVES " + stop.application() + " 2 " + stop.valueAfterwards() + " " + stop.intentsAfterwards());
            found.add(standby.awaitLine("SERVES "));
        }
        assertEquals(String.join("\n", expected), String.join("\n", found), "application, epoch, value and intents");
    }

    private static void assertAllFenced(ForkedJvm active) {
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> found = new TreeMap<>();
        for (FencedStop stop : FencedStop.ALL) {
            expected.put(stop.application(), (stop.isDone() ? "DONE" : "FENCED") + " true false");
            String[] words = active.awaitLine("ENDED ").split(" ", 3);
            found.put(words[1], words[2]);
        }
        assertEquals(expected, found, "how it ended, whether more is refused, and whether it thinks that it is active");
    }

    private Path log(FencedStop stop, int epoch) {
        return directory.resolve(stop.application() + "." + epoch + ".log");
    }

    /** All that others read: of the old logs what may be read, the new logs and images, and what the control file has of the applications. */
    private Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        try {
            for (FencedStop stop : FencedStop.ALL) {
                contents.put("old log of " + stop.application(), readable(oldLogs.get(stop.application())));
                contents.put("log of " + stop.application(), Files.readAllBytes(log(stop, 2)));
                try (LogFile log = LogFile.open(log(stop, 2))) {
                    contents.put("image of " + stop.application(), Files.readAllBytes(directory.resolve(log.imageName())));
                }
            }
            contents.put("control file", applications(Files.readAllBytes(directory.resolve("control"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }

    /** The tail, and the frames that a reader may use. */
    private static byte[] readable(LogFile log) {
        long tail = log.checkedTail();
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + (int) tail).putLong(log.tailWordAcquire());
        for (long position = 0; position < tail; position += Long.BYTES) {
            content.putLong(Memory.getLong(log.address(position)));
        }
        return content.array();
    }

    /** All records, without the beats. */
    private static byte[] applications(byte[] control) {
        ByteBuffer words = ByteBuffer.wrap(control);
        for (int record = APPLICATIONS_OFFSET; record < control.length; record += APPLICATION_LENGTH) {
            words.putLong(record + BEAT_WORD_OFFSET, 0);
        }
        return Arrays.copyOfRange(control, APPLICATIONS_OFFSET, control.length);
    }
}
