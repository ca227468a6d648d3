package io.tha.benchmarks;

import io.tha.memory.Memory;
import io.tha.pool.PoolStructure;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * Allocating and deleting an object of 64 bytes in a pool, named and findable, zeroed, its memory free after the transaction; against
 * allocating, zeroing and freeing as much by malloc. The pool alone: what a commit does with it is in WhatDoesACommitCost. Target: at most
 * 100 ns for the pair.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@State(Scope.Thread)
public class WhatDoesAnAllocationCost {
    private static final int BATCH = 256;

    /** Objects that the pool has already. */
    @Param({"1000", "1000000"})
    int objects;

    private final long[] taken = new long[BATCH];
    private DomainDirectory directory;
    private ThaPool pool;
    private PoolStructure structure;

    @Setup
    public void create() {
        directory = DomainDirectory.create();
        pool = ThaPool.create(directory.resolve("pool"), Items.poolBytes(objects + BATCH));
        pool.register(Items.LAYOUT);
        structure = pool.structure();
        structure.setTracked(true);
        Items.create(pool, objects);
    }

    @TearDown
    public void remove() {
        pool.close();
        directory.close();
    }

    /** The baseline. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void mallocAndFree() {
        for (int i = 0; i < BATCH; i++) {
            taken[i] = Memory.allocate(Items.BODY_BYTES);
        }
        for (int i = 0; i < BATCH; i++) {
            Memory.free(taken[i]);
        }
    }

    /** One transaction creates 256, the next deletes them. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void allocateAndDelete() {
        for (int i = 0; i < BATCH; i++) {
            taken[i] = pool.allocateDynamic(Items.LAYOUT);
        }
        structure.commitPending(0);
        for (int i = 0; i < BATCH; i++) {
            pool.delete(taken[i]);
        }
        structure.commitPending(0);
    }
}
