package io.tha.benchmarks;

import io.tha.Outcome;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.layout.LongField;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * against a commit of one application until its standby has applied that. It looks at the copies themselves, and lets others have its processor
 * between two looks. Target: at most 3 times as long.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 15, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
@State(Scope.Thread)
public class HowSoonIsACoordinatedCommitVisible {
    private static final int APPLICATIONS = 3;
    private static final int OBJECTS = 1_000;
    /** Transactions before the first pause, so that all processes run compiled code. */
    private static final int UNPAUSED = 20_000;
    /** Looks at a copy before others may run: a follower that spins has applied it by then. */
    private static final int SPINS = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

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
    private final long[] handles = new long[APPLICATIONS];
    private final List<CopyLook> copies = new ArrayList<>();
    private ThaCoordinator coordinator;
    private ForkedJvm standbys;
    private Transaction last;
    private boolean pausing;
    private long id;
    private long value;

    @Setup
    public void create() {
        ThaConfig config = ThaConfig.builder().poolBytes(Items.poolBytes(OBJECTS)).build();
        for (int i = 0; i < APPLICATIONS; i++) {
            ThaApplication application = ThaApplication.open(directory.path(), StandbysProcess.name(i), config);
            application.register(Items.LAYOUT);
            handles[i] = Items.create(application, OBJECTS)[OBJECTS / 2];
            applications.add(application);
        }
        coordinator = ThaCoordinator.open(directory.path());
        standbys = PeerProcess.start(StandbysProcess.class, directory.path(), Items.poolBytes(OBJECTS), APPLICATIONS);
        for (int i = 0; i < APPLICATIONS; i++) {
            copies.add(CopyLook.at(applications.get(i), field, handles[i], directory.path(), StandbysProcess.name(i)));
        }
        for (int i = 0; i < UNPAUSED; i++) {
            begin();
            visible();
        }
        pausing = pauseMicros > 0;
    }

    @TearDown
    public void remove() {
        copies.forEach(CopyLook::close);
        standbys.close();
        coordinator.close();
        applications.forEach(ThaApplication::close);
        directory.close();
    }

    private void write(int application) {
        field.set(applications.get(application).pool(), handles[application], value);
    }

    /** Parked, it would measure its own wake-up; spinning, it would keep those whom it waits for from one of two processors. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitVisible(int application) {
        for (int looks = 0; !copies.get(application).has(value); looks++) {
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** Of a coordinated one: all but one are done with it, and have acted upon the last one. */
    @Setup(Level.Invocation)
    public void begin() {
        value++;
        if (kind == Kind.PLAIN) {
            last = applications.get(0).begin();
        } else {
            for (int i = 0; i < APPLICATIONS && id != 0; i++) {
                requireCommitted(applications.get(i).awaitDecision(id, PATIENCE));
            }
            id = coordinator.begin(IntStream.range(0, APPLICATIONS).mapToObj(StandbysProcess::name).toArray(String[]::new));
            for (int i = 1; i < APPLICATIONS; i++) {
                try (Transaction part = applications.get(i).join(id)) {
                    write(i);
                    part.done();
                }
            }
            last = applications.get(0).join(id);
        }
        write(0);
        if (pausing) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pauseMicros));
        }
    }

    @Benchmark
    public void visible() {
        if (kind == Kind.PLAIN) {
            last.commit();
            awaitVisible(0);
        } else {
            requireCommitted(last.done());
            for (int i = 0; i < APPLICATIONS; i++) {
                awaitVisible(i);
            }
        }
    }

    private static void requireCommitted(Outcome outcome) {
        if (outcome != Outcome.COMMITTED) {
            throw new IllegalStateException("outcome of what all are done with: " + outcome);
        }
    }
}
