package io.tha.benchmarks;

import io.tha.layout.LongField;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import java.util.Arrays;
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
 * A field write through the pool, software marking on, against a put to an address that was computed before. Both walk the same objects in
 * the same order. Target: at most 3 ns more.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@State(Scope.Thread)
public class WhatDoesAFieldWriteCost {
    private static final int BATCH = 1_024;
    private static final int IN_CACHE_COUNT = 128;
    private static final int TRANSACTION_LENGTH = 16;

    /** Which objects are written. */
    public enum Pattern {
        /** Few, one after the other, all in the first cache. */
        SEQUENTIAL_IN_CACHE,
        /** Any. */
        RANDOM
    }

    @Param({"SEQUENTIAL_IN_CACHE", "RANDOM"})
    Pattern pattern;

    @Param("1000000")
    int objects;

    private DomainDirectory directory;
    private ThaPool pool;
    private LineMarks marks;
    private LongField field;
    private long[] handles;
    private long[] addresses;
    private int next;
    private long value;

    @Setup
    public void create() {
        directory = DomainDirectory.create();
        pool = ThaPool.create(directory.resolve("pool"), Items.poolBytes(objects));
        pool.register(Items.LAYOUT);
        pool.structure().setTracked(true);
        marks = pool.structure().lineMarks();
        field = Items.FIELDS[3];
        long[] all = Items.create(pool, objects);
        long[] chosen = pattern == Pattern.RANDOM ? Items.shuffle(all) : Arrays.copyOf(all, Math.min(objects, IN_CACHE_COUNT));
        handles = wholeBatches(chosen);
        addresses = Arrays.stream(handles)
                .map(handle -> pool.base() + ObjectMemory.bodyOffset(handle) + 3 * Long.BYTES)
                .toArray();
    }

    /** Repeats the handles until they fill whole batches. */
    private static long[] wholeBatches(long[] chosen) {
        int batches = (chosen.length + BATCH - 1) / BATCH;
        long[] filled = new long[batches * BATCH];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = chosen[i % chosen.length];
        }
        return filled;
    }

    @TearDown
    public void remove() {
        pool.close();
        directory.close();
    }

    private int nextBatch() {
        int from = next;
        next = from + BATCH == handles.length ? 0 : from + BATCH;
        return from;
    }

    /** The baseline. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void rawPut() {
        int from = nextBatch();
        for (int i = from; i < from + BATCH; i++) {
            Memory.putLong(addresses[i], ++value);
        }
    }

    /** Lines that are marked already: a transaction that goes on. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void fieldSet() {
        int from = nextBatch();
        for (int i = from; i < from + BATCH; i++) {
            field.set(pool, handles[i], ++value);
        }
    }

    /** Marks are cleared after every 16 writes, as commits do: most writes mark anew. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void fieldSetInTransactionsOf16() {
        int from = nextBatch();
        for (int i = from; i < from + BATCH; i += TRANSACTION_LENGTH) {
            for (int j = i; j < i + TRANSACTION_LENGTH; j++) {
                field.set(pool, handles[j], ++value);
            }
            marks.clear(0);
        }
    }
}
