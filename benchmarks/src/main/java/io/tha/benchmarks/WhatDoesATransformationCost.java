package io.tha.benchmarks;

import io.tha.follow.Follower;
import io.tha.follow.Joiner;
import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.ReaderSlots;
import io.tha.transform.Conversions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Applying a transaction that changes a long in each of two random objects of 64 bytes, by a standby of another version: fields in another order, and
 * the long is a float64. Against one of the same version. Target: at most 3 times as long, and no garbage.
 *
 * <p>Active and follower take turns in one process: the figure is the follower's own cost.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(1)
@State(Scope.Thread)
public class WhatDoesATransformationCost {
    private static final int TRANSACTIONS = 2_000;

    /** What the standby declares. */
    public enum Version {
        SAME,
        OTHER
    }

    @Param({"SAME", "OTHER"})
    Version version;

    @Param("16")
    int ringMib;

    @Param("1000000")
    int objects;

    private CommitScene scene;
    private ControlFile control;
    private ThaPool pool;
    private OutcomeTable outcomes;
    private Follower follower;

    @Setup
    public void create() {
        scene = new CommitScene(objects, (long) ringMib << 20, true, 0);
        control = ControlFile.open(scene.domain());
        DomainFiles files = new DomainFiles(control, PeerProcess.NAME);
        pool = ThaPool.create(scene.domain().resolve("copy.pool"), Items.poolBytes(objects));
        outcomes = OutcomeTable.create(scene.domain().resolve("copy.outcomes"));
        Joiner.Version declared = Joiner.Version.undeclared();
        declared.layouts().add(version == Version.SAME ? Items.LAYOUT : reordered(), Conversions.NONE);
        pool.register(declared.layouts().all());
        LogFile log = LogFile.open(files.log(scene.application().epoch()));
        ReaderSlots readers = new ReaderSlots(log, slot -> false);
        Joiner joiner = new Joiner(readers, control.processSlot(), declared, Thread::onSpinWait);
        follower = Follower.join(log, files, joiner, pool.structure(), outcomes);
    }

    private static Layout reordered() {
        var builder = Layout.named(Items.LAYOUT.name());
        for (int i = Items.FIELD_COUNT - 1; i >= 0; i--) {
            builder.float64("f" + i);
        }
        return builder.build();
    }

    @Setup(Level.Invocation)
    public void commit() {
        for (int i = 0; i < TRANSACTIONS; i++) {
            scene.transact();
        }
    }

    @TearDown
    public void remove() {
        follower.close();
        outcomes.close();
        pool.close();
        control.close();
        scene.close();
    }

    @Benchmark
    @OperationsPerInvocation(TRANSACTIONS)
    public long apply() {
        while (!follower.isIdle() || !follower.isConsistent()) {
            follower.poll();
        }
        return follower.position();
    }
}
