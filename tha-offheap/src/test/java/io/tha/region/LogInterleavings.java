package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.FencedException;
import io.tha.interleaving.Scenario;
import io.tha.interleaving.Step;
import io.tha.interleaving.Steps;
import io.tha.memory.Memory;
import io.tha.testkit.DomainDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A writer, a reader and sealers of one real log, each by the code that the engine has for it. The ring has gone round once before.
 *
 * <p>A transaction has one UPDATE of one number, which follows from the transaction's id. What may not be: a reader delivers anything but committed
 * transactions, whole and in order; a commit that returned lies beyond the cut, or one that was refused below it; there are two cuts; a byte
 * that a reader may use is written; tail or claimed changes after the seal.
 */
final class LogInterleavings implements Scenario {
    static final int WRITER = 0;
    static final int READER = 1;

    private static final int CAPACITY = 64 << 10;
    private static final int UPDATE_LENGTH = FrameDescriptor.UPDATE_BYTES_OFFSET + Long.BYTES;
    private static final int TRANSACTION_LENGTH = UPDATE_LENGTH + FrameDescriptor.COMMIT_LENGTH;
    /** Where the transaction ends that is there before. */
    private static final long FIRST_END = (long) CAPACITY + TRANSACTION_LENGTH;

    /** More than all transactions of a run. */
    private static final int WRITTEN_LENGTH = 1024;

    private static final Duration NO_PATIENCE = Duration.ZERO;
    private static final int PROCESS = 1;
    /** Of the transaction that is there before. */
    private static final long OLD_ID = 1;

    private static final int OWN_IDS = 10;
    private static final byte[] INTENT = new byte[8];

    private final Plan plan;
    private final DomainDirectory directory = DomainDirectory.create();
    private final LogFile log;
    private final ReaderSlots slots;
    private final long deathWords = Memory.allocate(64);
    private final byte[] first = new byte[LogDescriptor.HEADER_LENGTH - LogDescriptor.TAIL_OFFSET + WRITTEN_LENGTH];
    private final long base;

    /**
     * Who is there.
     *
     * @param commits that the writer makes
     * @param polls of the reader; 0 for no reader
     * @param sealers how many there are
     * @param checksums whether frames have them
     * @param wraps whether the ring is full: then the writer drops the reader, and overwrites what it reads
     * @param announces whether the writer publishes an intent before
     */
    private record Plan(int commits, int polls, int sealers, boolean checksums, boolean wraps, boolean announces) {
        /** From text, since this class has a loader of its own: three numbers, then words. */
        static Plan of(String text) {
            List<String> words = List.of(text.split(" ", -1));
            return new Plan(
                    Integer.parseInt(words.get(0)),
                    Integer.parseInt(words.get(1)),
                    Integer.parseInt(words.get(2)),
                    words.contains("checksums"),
                    words.contains("wraps"),
                    words.contains("announces"));
        }
    }

    /** What a reader tells. */
    private record Delivered(long id, long end, long number) {}

    /** What a writer tells. */
    private record Committed(long id, long end) {}

    LogInterleavings(String text) {
        plan = Plan.of(text);
        log = LogFile.prepare(directory.resolve("prepared"), new LogConfig(CAPACITY, plan.checksums));
        log.name(directory.resolve("log.1.log"), 1, "log.1.image");
        slots = new ReaderSlots(log, process -> false);
        base = log.address(0) - LogDescriptor.RING_OFFSET;
        writeFirst();
        Memory.copyTo(base + LogDescriptor.TAIL_OFFSET, first, 0, first.length);
        Steps.watch(base + LogDescriptor.TAIL_OFFSET, Long.BYTES);
        Steps.watch(base + LogDescriptor.CLAIMED_OFFSET, Long.BYTES);
        Steps.watch(base + LogDescriptor.OLDEST_UNDECIDED_OFFSET, Long.BYTES);
        Steps.watch(log.reader(0), LogDescriptor.READER_LENGTH);
        Steps.watch(log.address(0), WRITTEN_LENGTH);
    }

    /** One transaction at the beginning of the ring; where it is full, padding up to its end. */
    private void writeFirst() {
        setWords(CAPACITY, CAPACITY);
        try (LogWriter writer = new LogWriter(log, slots, ReaderPolicy.dropAfter(NO_PATIENCE))) {
            commit(writer, OLD_ID, null);
        }
        FrameWriter.header(log.address(FIRST_END), FrameType.PADDING, CAPACITY - TRANSACTION_LENGTH, FIRST_END, 0);
        if (plan.checksums) {
            FrameWriter.seal(log.address(FIRST_END), FrameDescriptor.HEADER_LENGTH, log.checksum());
        }
        setWords(firstTail(), firstTail());
    }

    private long firstTail() {
        return plan.wraps ? 2L * CAPACITY : FIRST_END;
    }

    private void setWords(long tail, long claimed) {
        Memory.putLong(base + LogDescriptor.TAIL_OFFSET, tail);
        Memory.putLong(base + LogDescriptor.CLAIMED_OFFSET, claimed);
    }

    private static long commit(LogWriter writer, long id, OpenTransaction earlier) {
        writer.begin(id, true);
        Memory.putLong(writer.append(FrameType.UPDATE, UPDATE_LENGTH) + FrameDescriptor.UPDATE_BYTES_OFFSET, number(id));
        writer.seal();
        return writer.publishCommit(earlier);
    }

    private static long number(long id) {
        return id * 0x9E37_79B9_7F4A_7C15L;
    }

    @Override
    public int actors() {
        return 2 + plan.sealers;
    }

    @Override
    public void begin() {
        Memory.copyFrom(first, 0, base + LogDescriptor.TAIL_OFFSET, first.length);
    }

    @Override
    public void act(int actor, List<Object> notes) {
        switch (actor) {
            case WRITER -> write(notes);
            case READER -> read(notes);
            default -> {
                Steps.prologueEnds();
                notes.add(TailSealer.seal(log));
            }
        }
    }

    private void write(List<Object> notes) {
        try (LogWriter writer = new LogWriter(log, slots, ReaderPolicy.dropAfter(NO_PATIENCE))) {
            Steps.prologueEnds();
            OpenTransaction announced = null;
            if (plan.announces) {
                announced = writer.publishIntent(OWN_IDS, null, INTENT, 0, INTENT.length);
                notes.add("ANNOUNCED");
            }
            for (int id = OWN_IDS; id < OWN_IDS + plan.commits; id++) {
                notes.add(new Committed(id, commit(writer, id, id == OWN_IDS ? announced : null)));
                writer.decided();
            }
        } catch (FencedException e) {
            notes.add("FENCED");
        }
    }

    private void read(List<Object> notes) {
        if (plan.polls == 0) {
            return;
        }
        LogReader reader = LogReader.join(log, slots, PROCESS, () -> CAPACITY);
        Steps.prologueEnds();
        List<Long> numbers = new ArrayList<>();
        FrameHandler handler = new FrameHandler() {
            @Override
            public void frame(int type, long address, int lengthBytes) {
                numbers.add(Memory.getLong(address + FrameDescriptor.UPDATE_BYTES_OFFSET));
            }

            @Override
            public void committed(long id, long end) {
                notes.add(new Delivered(id, end, numbers.size() == 1 ? numbers.get(0) : 0));
                numbers.clear();
            }
        };
        int result = 0;
        for (int i = 0; i < plan.polls && result >= 0; i++) {
            result = reader.poll(handler);
        }
        if (result < 0) {
            notes.add(result == LogReader.ENDED ? "ENDED" : "LAGGED");
        }
    }

    @Override
    public long deathWord(int actor) {
        return deathWords + (long) actor * Integer.BYTES;
    }

    @Override
    public void verify(List<List<Object>> notes, List<Step> trace) {
        long tail = verifyStores(trace);
        for (int sealer = READER + 1; sealer < actors(); sealer++) {
            assertEquals(List.of(tail), notes.get(sealer), "the cut");
        }
        List<Object> expected = new ArrayList<>(List.of(new Delivered(OLD_ID, FIRST_END, number(OLD_ID))));
        List<Object> written = notes.get(WRITER);
        written.stream().filter(Committed.class::isInstance).map(Committed.class::cast).forEach(commit -> {
            assertTrue(commit.end <= tail, () -> commit + " lies beyond the tail at " + tail);
            expected.add(new Delivered(commit.id, commit.end, number(commit.id)));
        });
        long last = expected.size() == 1 ? first(written) : ((Delivered) expected.get(expected.size() - 1)).end;
        assertEquals(last, tail, () -> "the tail, when the writer was told of " + written);
        verifyReader(notes.get(READER), expected);
    }

    /** The tail where nothing was committed. */
    private long first(List<Object> written) {
        return written.contains("ANNOUNCED") ? firstTail() + FrameDescriptor.INTENT_BYTES_OFFSET + INTENT.length : firstTail();
    }

    private void verifyReader(List<Object> read, List<Object> expected) {
        Object end = read.isEmpty() ? "" : read.get(read.size() - 1);
        List<Object> delivered = end instanceof String && !read.isEmpty() ? read.subList(0, read.size() - 1) : read;
        assertTrue(delivered.size() <= expected.size(), () -> "delivered " + delivered + " of " + expected);
        assertEquals(expected.subList(0, delivered.size()), delivered);
        assertTrue(!"ENDED".equals(end) || delivered.equals(expected), () -> "the end came after " + delivered + " of " + expected);
        assertTrue(!"LAGGED".equals(end) || !slots.isActive(0), "nobody has dropped it");
    }

    /** That no store is one that must not be, by what tail and claimed are at the time; the tail at the end. */
    private long verifyStores(List<Step> trace) {
        long tail = firstTail();
        long claimed = tail;
        boolean isSealed = false;
        for (Step step : trace) {
            long offset = step.address() - log.address(0);
            if (step.address() == base + LogDescriptor.TAIL_OFFSET && step.isWrite()) {
                assertTrue(!isSealed, "the tail is changed after the seal");
                isSealed = LogFile.isSealed(step.after());
                assertTrue(step.after() >= tail, "the tail falls");
                tail = step.after() & ~LogDescriptor.SEALED;
            } else if (step.address() == base + LogDescriptor.CLAIMED_OFFSET && step.isWrite()) {
                assertTrue(!isSealed && !LogFile.isSealed(claimed), "claimed is changed after the seal");
                assertTrue(step.after() >= claimed, "claimed falls");
                claimed = step.after();
            } else if (offset >= 0 && offset < CAPACITY && step.isWrite()) {
                long lowest = (claimed & ~LogDescriptor.SEALED) - CAPACITY;
                long position = lowest + (offset - lowest & CAPACITY - 1);
                assertTrue(position >= tail, "a byte is written that a reader may use");
            }
        }
        return tail;
    }

    @Override
    public String nameOf(long address) {
        long offset = address - base;
        return offset == LogDescriptor.TAIL_OFFSET ? "tail"
                : offset == LogDescriptor.CLAIMED_OFFSET ? "claimed"
                : offset < LogDescriptor.RING_OFFSET ? "header at " + offset
                : "ring at " + (offset - LogDescriptor.RING_OFFSET);
    }

    @Override
    public void close() {
        log.close();
        Memory.free(deathWords);
        directory.close();
        Steps.reset();
    }
}
