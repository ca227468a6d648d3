package io.tha.benchmarks;

import io.tha.PoolFullException;
import io.tha.active.ActiveParts;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.LongField;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.CommittedImage;
import io.tha.pool.PoolStructure;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.testkit.DomainDirectory;
import io.tha.tracker.PageTracker;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.util.Arrays;
import java.util.Random;

/**
 * A full pool and its committed image, which one tracker after the other watches, and an object on each page, any of those that are there. The
 * pages are written in an order that no cache foresees.
 */
final class TrackerScene implements AutoCloseable {
    private static final int DECIDED_TOGETHER = 1_000;
    private static final long SEED = 20_261_123;

    private final DomainDirectory directory = DomainDirectory.create();
    private final LongField field = Items.FIELDS[3];
    private final int fieldOffset = 3 * Long.BYTES;
    private final ControlFile control;
    private final DomainFiles files;
    private final ThaPool pool;
    private final CommittedImage image;
    private final OutcomeTable outcomes;
    /** One of each page. */
    private final long[] all;
    /** Those that are written. */
    private long[] handles;

    private int lastWritten;
    private long value;

    TrackerScene(long poolBytes) {
        control = ControlFile.open(directory.resolve("domain"));
        control.application(PeerProcess.NAME, "1");
        files = new DomainFiles(control, PeerProcess.NAME);
        pool = ThaPool.create(files.newPool(), poolBytes);
        pool.register(Items.LAYOUT);
        all = Items.shuffle(fill());
        handles = all;
        image = CommittedImage.create(files.newImage(), pool);
        outcomes = OutcomeTable.create(files.outcomes(image.memory().path()));
        // All at once what commits would have brought there.
        Memory.copy(pool.base(), image.address(0), structure().memory().sizeBytes());
    }

    /** Creates objects until there is no room; one handle of each page. */
    private long[] fill() {
        long[] chosen = new long[structure().memory().pageCount()];
        int[] seen = new int[chosen.length];
        Random random = new Random(SEED);
        for (int i = 0; ; i++) {
            try {
                long handle = Items.createOne(pool, i);
                int page = (int) (ObjectMemory.bodyOffset(handle) >>> LineMarks.PAGE_SHIFT);
                if (random.nextInt(++seen[page]) == 0) {
                    chosen[page] = handle;
                }
            } catch (PoolFullException e) {
                structure().commitPending(0);
                return Arrays.stream(chosen).filter(handle -> handle != 0).toArray();
            }
            if (i % DECIDED_TOGETHER == 0) {
                structure().commitPending(0);
            }
        }
    }

    private PoolStructure structure() {
        return pool.structure();
    }

    /** From now on, only pages in so many bytes at the beginning of the data are written. */
    void spreadOver(long bytes) {
        long end = bytes + ((long) structure().memory().firstDataPage() << LineMarks.PAGE_SHIFT);
        handles = Arrays.stream(all).filter(handle -> ObjectMemory.bodyOffset(handle) < end).toArray();
    }

    /** How many pages may be written. */
    int pageCount() {
        return handles.length;
    }

    /** Writes a field on each of some pages. */
    void set(int from, int count) {
        for (int i = from; i < from + count; i++) {
            field.set(pool, handles[i], ++value);
        }
        lastWritten = from + count - 1;
    }

    /** The same without the pool's knowledge. */
    void put(int from, int count) {
        long base = pool.base() + fieldOffset;
        for (int i = from; i < from + count; i++) {
            Memory.putLong(base + ObjectMemory.bodyOffset(handles[i]), ++value);
        }
        lastWritten = from + count - 1;
    }

    /** Makes pages writable that a tracker has left protected, so that its successor does not pay for them; changes nothing. */
    private void openPages() {
        for (long handle : all) {
            long address = pool.base() + ObjectMemory.bodyOffset(handle);
            long found = Memory.getLong(address);
            // A plain store of what was just loaded is one that a compiler may leave out.
            if (!Memory.compareAndSetLong(address, found, found)) {
                throw new IllegalStateException("somebody else writes to the pool");
            }
        }
    }

    /** Where {@link #put} writes, in the pool's file. */
    long fileOffset(int i) {
        return ObjectMemory.bodyOffset(handles[i]) + fieldOffset;
    }

    /** The baseline's process, over the same file. */
    TrackerPeer peer(TrackerKind kind) {
        long start = (long) structure().memory().firstDataPage() << LineMarks.PAGE_SHIFT;
        long end = (long) structure().endOfUsedPages() << LineMarks.PAGE_SHIFT;
        return TrackerPeer.start(kind, structure().memory().path(), start, end);
    }

    /** Nobody watches. */
    Watch untracked() {
        return new Untracked();
    }

    /** Whole transactions of an active under a tracker. */
    Watch commits(TrackerKind kind) {
        ThaConfig config = ThaConfig.builder().tracker(kind).build();
        LogFile log = LogFile.prepare(files.newPreparedLog(), config.log());
        ThaApplication application =
                ThaApplication.prepare(new ActiveParts(control, PeerProcess.NAME, pool, image, outcomes, log, config, control), pool.base());
        application.start();
        return new Commits(application, log);
    }

    /** What a tracker does in a commit, alone: neither diff nor log. */
    Watch tracker(TrackerKind kind) {
        PageTracker tracker = Trackers.create(kind, structure(), image, pool.base());
        tracker.start();
        return new Alone(tracker);
    }

    @Override
    public void close() {
        pool.close();
        image.close();
        outcomes.close();
        control.close();
        directory.close();
    }

    /** What watches writes, and is asked for them. */
    interface Watch extends AutoCloseable {
        /** Before the writes. */
        void begin();

        /** Behind the writes; this is timed. */
        void decide();

        /** Whether it has found the writes of the last round to so many pages. */
        default boolean hasFound(int pages) {
            return true;
        }

        @Override
        void close();
    }

    private static final class Untracked implements Watch {
        @Override
        public void begin() {
            // Nothing is prepared.
        }

        @Override
        public void decide() {
            // Nothing is found.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final class Commits implements Watch {
        private final ThaApplication application;
        private final LogFile log;
        private Transaction transaction;

        Commits(ThaApplication application, LogFile log) {
            this.application = application;
            this.log = log;
        }

        @Override
        public void begin() {
            transaction = application.begin();
        }

        @Override
        public void decide() {
            transaction.commit();
            transaction.close(); // so that the next one is this object again
        }

        @Override
        public boolean hasFound(int pages) {
            return Memory.getLong(image.address(fileOffset(lastWritten))) == value;
        }

        @Override
        public void close() {
            application.giveUp();
            log.close();
            openPages();
        }
    }

    private final class Alone implements Watch, PageTracker.LineConsumer {
        private final PageTracker tracker;
        private int found;

        Alone(PageTracker tracker) {
            this.tracker = tracker;
        }

        @Override
        public void begin() {
            found = 0;
        }

        @Override
        public void decide() {
            tracker.gather();
            tracker.collect(0, this);
            tracker.clear(0);
        }

        @Override
        public void accept(int page, long lines) {
            found++;
        }

        @Override
        public boolean hasFound(int pages) {
            return found >= pages;
        }

        @Override
        public void close() {
            tracker.close();
            openPages();
        }
    }
}
