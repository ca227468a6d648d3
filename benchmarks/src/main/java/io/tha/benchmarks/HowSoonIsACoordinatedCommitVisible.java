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
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
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

    /** What is committed. */
    public enum Kind {
        PLAIN,
        COORDINATED
    }

    @Param({"PLAIN", "COORDINATED"})
    Kind kind;

    /** Before each commit: whoever follows, or waits for a decision, spins still when it is 0, and sleeps when it is long. */
    @Param({"0", "2000"})
    int pauseMicros;

    private final DomainDirectory directory = DomainDirectory.create();
    private final LongField field = Items.FIELDS[5];
    private final List<ThaApplication> applications = new ArrayList<>();
    private final List<long[]> handles = new ArrayList<>();
    private ThaCoordinator coordinator;
    private ForkedJvm standbys;
    /** Of each application, with which transaction it is done. */
    private final AtomicLongArray decided = new AtomicLongArray(APPLICATIONS);

    private Transaction last;
    private long id;
    private int next;
    private long value;

    @Setup
    public void create() {
        ThaConfig config = ThaConfig.builder().poolBytes(Items.poolBytes(OBJECTS)).build();
        for (int i = 0; i < APPLICATIONS; i++) {
            ThaApplication application = ThaApplication.open(directory.path(), StandbysProcess.name(i), config);
            application.register(Items.LAYOUT);
            handles.add(Items.create(application, OBJECTS));
            int number = i;
            application.onDecision((transaction, outcome) -> decided.set(number, transaction));
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

    /** Of a coordinated one: all but one are done with it. */
    @Setup(Level.Invocation)
    public void begin() {
        if (kind == Kind.PLAIN) {
            last = applications.get(0).begin();
        } else {
            id = coordinator.begin(IntStream.range(0, APPLICATIONS).mapToObj(StandbysProcess::name).toArray(String[]::new));
            for (int i = 1; i < APPLICATIONS; i++) {
                try (Transaction part = applications.get(i).join(id)) {
                    write(i);
                    part.done();
                }
                awaitApplied(i);
            }
            last = applications.get(0).join(id);
        }
        write(0);
        if (pauseMicros > 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pauseMicros));
        }
    }

    @Benchmark
    public void visible() {
        if (kind == Kind.PLAIN) {
            last.commit();
            awaitApplied(0);
        } else {
            requireCommitted(last.done());
            awaitApplied(0);
            for (int i = 1; i < APPLICATIONS; i++) {
                awaitDecided(i);
                awaitApplied(i);
            }
        }
    }

    private static void requireCommitted(Outcome outcome) {
        if (outcome != Outcome.COMMITTED) {
            throw new IllegalStateException(outcome + " when the last is done");
        }
    }

    /** Not by asking for the outcome, which would keep the application from acting on it. */
    private void awaitDecided(int application) {
        while (decided.get(application) != id) {
            Thread.onSpinWait();
        }
    }
}
