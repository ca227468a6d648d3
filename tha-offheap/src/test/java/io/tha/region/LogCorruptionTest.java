package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.tha.ThaException;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every byte of a log and its overflow segment is damaged in turn: what is delivered is a prefix of what was written, or the reader says
 * what is wrong. Without checksums damaged bodies are delivered too.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogCorruptionTest {
    private static final int[] MASKS = Extent.isWhole() ? new int[] {0x01, 0x80, 0xFF} : new int[] {0xFF};

    private DomainDirectory directory;
    private MappedFile log;
    private MappedFile segment;
    private long pristine;
    private LogSample.Reading expected;
    private boolean checksums;
    private int refused;
    private int read;

    @BeforeEach
    void create() {
        directory = DomainDirectory.create();
    }

    @AfterEach
    void close() {
        Memory.free(pristine);
        log.close();
        segment.close();
        directory.close();
    }

    private int write(boolean withChecksums) {
        checksums = withChecksums;
        int end = LogDescriptor.RING_OFFSET + (int) LogSample.write(directory.path(), checksums);
        log = MappedFile.open(directory.resolve(LogSample.LOG), 1);
        segment = MappedFile.open(directory.resolve(LogSample.SEGMENT), 1);
        pristine = Memory.allocate(end);
        Memory.copy(log.address(), pristine, end);
        expected = LogSample.read(log.path());
        assertEquals(5, expected.transactions().size());
        restore(end);
        return end;
    }

    private void restore(int end) {
        Memory.copy(pristine, log.address(), end);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noDamagedByteOfTheLogIsFollowedBlindly(boolean withChecksums) {
        int end = write(withChecksums);

        for (int offset = 0; offset < end; offset++) {
            for (int mask : MASKS) {
                Memory.putByte(log.address() + offset, (byte) (Memory.getByte(log.address() + offset) ^ mask));
                judge("byte " + offset + " of the log ^ 0x" + Integer.toHexString(mask));
                restore(end);
            }
        }

        assertSomeOfBoth();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noDamagedWordOfTheLogIsFollowedBlindly(boolean withChecksums) {
        int end = write(withChecksums);
        Random random = Seeds.random();

        for (int offset = 0; offset < end; offset += Long.BYTES) {
            for (long word : words(random, Memory.getLong(log.address() + offset))) {
                Memory.putLong(log.address() + offset, word);
                judge("word " + offset + " of the log := 0x" + Long.toHexString(word));
                restore(end);
            }
        }

        assertSomeOfBoth();
    }

    private static long[] words(Random random, long was) {
        return new long[] {
            0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE & -Long.BYTES, 0x7FFF_FFF8_7FFF_FFF8L, random.nextLong(),
            was + Long.BYTES, was - Long.BYTES, was + LogSample.CAPACITY, was - LogSample.CAPACITY
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noDamagedByteOfAnOverflowSegmentIsFollowedBlindly(boolean withChecksums) {
        int end = write(withChecksums);

        for (int offset = 0; offset < 256; offset++) {
            for (int mask : MASKS) {
                byte was = Memory.getByte(segment.address() + offset);
                Memory.putByte(segment.address() + offset, (byte) (was ^ mask));
                judge("byte " + offset + " of the segment ^ 0x" + Integer.toHexString(mask));
                Memory.putByte(segment.address() + offset, was);
                restore(end);
            }
        }

        assertSomeOfBoth();
    }

    private void judge(String damage) {
        LogSample.Reading found;
        try {
            found = LogSample.read(log.path());
        } catch (ThaException e) {
            refused++;
            return;
        } catch (RuntimeException e) {
            throw new AssertionError(damage + " leads to an exception that does not tell", e);
        }
        read++;
        int count = found.transactions().size();
        if (checksums && (count > 5 || !expected.transactions().subList(0, count).equals(found.transactions()))) {
            fail(damage + " delivers " + found);
        }
    }

    private void assertSomeOfBoth() {
        if (refused == 0 || read == 0) {
            fail(refused + " damaged logs were refused, " + read + " read: expected some of both");
        }
    }
}
