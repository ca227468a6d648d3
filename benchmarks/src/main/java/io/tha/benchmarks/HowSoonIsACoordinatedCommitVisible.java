package io.tha.benchmarks;

import io.tha.Outcome;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.layout.LongField;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the last {@code done} of a coordinated transaction of three applications until their standbys, in another process, have applied their parts;
 * against a commit of one application until its standby has applied that. Target: at most 3 times as long.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
@State(Scope.Thread)
public class HowSoonIsACoordinatedCommitVisible {
    private static final int APPLICATIONS = 3;
    private static final int OBJECTS = 1_000;

    private final DomainDirectory directory = DomainDirectory.create();
    private final LongField field = Items.FIELDS[5];
    private final List<ThaApplication> applications = new ArrayList<>();
    private final List<long[]> handles = new ArrayList<>();
    private ThaCoordinator coordinator;
    private ForkedJvm standbys;
    private int next;
    private long value;

    @Setup
    public void create() {
        ThaConfig config = ThaConfig.builder().poolBytes(Items.poolBytes(OBJECTS)).build();
        for (int i = 0; i < APPLICATIONS; i++) {
            ThaApplication application = ThaApplication.open(directory.path(), StandbysProcess.name(i), config);
            application.register(Items.LAYOUT);
            handles.add(Items.create(application, OBJECTS));
            applications.add(application);
        }
        coordinator = ThaCoordinator.open(directory.path());
        standbys = PeerProcess.start(StandbysProcess.class, directory.path(), Items.poolBytes(OBJECTS), APPLICATIONS);
    }

    @TearDown
    public void remove() {
        standbys.close();
        coordinator.close();
        applications.forEach(ThaApplication::close);
        directory.close();
    }

    private void write(int application) {
        field.set(applications.get(application).pool(), handles.get(application)[next], ++value);
        next = (next + 1) % OBJECTS;
    }

    private void awaitApplied(int application) {
        while (!applications.get(application).isFollowed()) {
            Thread.onSpinWait();
        }
    }

    @Benchmark
    public void plain() {
        try (Transaction transaction = applications.get(0).begin()) {
            write(0);
            transaction.commit();
        }
        awaitApplied(0);
    }

    /** A transaction with which all but one are done. */
    @State(Scope.Thread)
    public static class Begun {
        private long id;
        private Transaction last;

        @Setup(Level.Invocation)
        public void begin(HowSoonIsACoordinatedCommitVisible outer) {
            id = outer.coordinator.begin(IntStream.range(0, APPLICATIONS).mapToObj(StandbysProcess::name).toArray(String[]::new));
            for (int i = 1; i < APPLICATIONS; i++) {
                try (Transaction part = outer.applications.get(i).join(id)) {
                    outer.write(i);
                    part.done();
                }
                outer.awaitApplied(i);
            }
            last = outer.applications.get(0).join(id);
            outer.write(0);
        }
    }

    @Benchmark
    public void coordinated(Begun begun) {
        try (Transaction part = begun.last) {
            part.done();
        }
        for (int i = 0; i < APPLICATIONS; i++) {
            while (applications.get(i).outcome(begun.id) != Outcome.COMMITTED) {
                Thread.onSpinWait();
            }
            awaitApplied(i);
        }
    }
}
