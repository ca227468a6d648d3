package io.tha.benchmarks.compared;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.follow.Follower;
import io.tha.follow.Joiner;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.ReaderSlots;
import io.tha.transform.Conversions;
import java.nio.file.Path;
import java.time.Duration;

/** This engine: the active writes to its state, and nothing else. */
final class Engine {
    private static final String NAME = "compared";
    private static final int FIELDS = Load.OBJECT_BYTES / Long.BYTES;
    /** Of an object in a pool, its header included, and something for pages that are not full. */
    private static final int BYTES_EACH = 100;
    private static final int TRANSACTION_LENGTH = 1_000;
    private static final Layout LAYOUT = layout();
    private static final LongField FIELD = LAYOUT.int64Field("f5");

    private Engine() {}

    private static Layout layout() {
        var builder = Layout.named("item");
        for (int i = 0; i < FIELDS; i++) {
            builder.int64("f" + i);
        }
        return builder.build();
    }

    private static long poolBytes(Load load) {
        return (4L << 20) + (long) load.objects() * BYTES_EACH;
    }

    private static long[] handles(Load load) {
        return new long[load.objects()];
    }

    /** With the defaults but for sizes, and no time after which a slow standby is dropped. */
    static final class EngineActive implements Active {
        private static final Duration NEVER = Duration.ofHours(1);

        private final ThaApplication application;
        private final ThaPool pool;
        private final long[] inOrder;
        private final int changes;
        private int next;

        EngineActive(Load load, Path directory) {
            ThaConfig config = ThaConfig.builder()
                    .poolBytes(poolBytes(load))
                    .ringBytes(Contender.CHANNEL_BYTES)
                    .readerTimeout(NEVER)
                    .build();
            application = ThaApplication.open(directory.resolve("domain"), NAME, config);
            application.register(LAYOUT);
            pool = application.pool();
            changes = load.changes();
            inOrder = create(load);
        }

        /** The handles in the order in which they are used, as others have the numbers of their objects. */
        private long[] create(Load load) {
            long[] handles = handles(load);
            for (int i = 0; i < handles.length; ) {
                Transaction transaction = application.begin();
                for (int end = Math.min(handles.length, i + TRANSACTION_LENGTH); i < end; i++) {
                    handles[i] = pool.allocateDynamic(LAYOUT);
                }
                transaction.commit();
            }
            int[] order = load.order();
            long[] ordered = handles(load);
            for (int i = 0; i < ordered.length; i++) {
                ordered[i] = handles[order[i]];
            }
            return ordered;
        }

        @Override
        public void awaitStandby() {
            while (application.standbys() == 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void transact(long value) {
            try (Transaction transaction = application.begin()) {
                for (int i = 0; i < changes; i++) {
                    FIELD.set(pool, inOrder[next], value);
                    next = next + 1 == inOrder.length ? 0 : next + 1;
                }
                transaction.commit();
            }
        }

        @Override
        public void close() {
            application.close();
        }
    }

    /** What a standby's thread does, called by the harness as all others are. */
    static final class EngineStandby implements Standby {
        private final ControlFile control;
        private final ThaPool pool;
        private final OutcomeTable outcomes;
        private final Follower follower;
        private final long[] handles;

        EngineStandby(Load load, Path directory) {
            Path domain = directory.resolve("domain");
            control = ControlFile.open(domain);
            DomainFiles files = new DomainFiles(control, NAME);
            pool = ThaPool.create(domain.resolve("copy.pool"), poolBytes(load));
            outcomes = OutcomeTable.create(domain.resolve("copy.outcomes"));
            Joiner.Version version = Joiner.Version.undeclared();
            version.layouts().add(LAYOUT, Conversions.NONE);
            pool.register(version.layouts().all());
            LogFile log = LogFile.open(files.log(1));
            Joiner joiner = new Joiner(new ReaderSlots(log, slot -> false), control.processSlot(), version, Thread::onSpinWait);
            follower = Follower.join(log, files, joiner, pool.structure(), outcomes);
            while (!follower.isConsistent()) {
                follower.poll();
            }
            handles = handles(load);
            // The image is copied in the order in which its objects were created, and so is the copy.
            int[] count = {0};
            pool.forEach(handle -> handles[count[0]++] = handle);
        }

        @Override
        public int poll(int most) {
            if (follower.isIdle()) {
                return 0;
            }
            long before = follower.transactions();
            follower.poll(most);
            // Not what scrubbing has published.
            return (int) (follower.transactions() - before);
        }

        @Override
        public long value(int object) {
            return FIELD.get(pool, handles[object]);
        }

        @Override
        public void close() {
            follower.close();
            outcomes.close();
            pool.close();
            control.close();
        }
    }
}
