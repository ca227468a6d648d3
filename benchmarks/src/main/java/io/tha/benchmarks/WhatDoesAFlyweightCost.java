package io.tha.benchmarks;

import io.tha.layout.IntField;
import io.tha.layout.LongField;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The methods of a flyweight against field handles, each with its baseline: over objects in the cache, software marking on. Where an object is
 * accessed once, the flyweight is moved for every access; a look reads four values of each object, a visit reads and writes four. Target: at most
 * 5 % more.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@State(Scope.Thread)
public class WhatDoesAFlyweightCost {
    private static final int OBJECTS = 128;
    private static final int INDEX_MASK = 3;
    private static final long POOL_BYTES = 1 << 20;
    private static final LongField FIRST = ItemFlyweight.LAYOUT.int64Field("first");
    private static final LongField SECOND = ItemFlyweight.LAYOUT.int64Field("second");
    private static final IntField COUNTS = ItemFlyweight.LAYOUT.int32Field("counts");

    private DomainDirectory directory;
    private ThaPool pool;
    private long[] handles;
    private ItemFlyweight item;
    private long value;

    @Setup
    public void create() {
        directory = DomainDirectory.create();
        pool = ThaPool.create(directory.resolve("pool"), POOL_BYTES);
        pool.register(ItemFlyweight.LAYOUT);
        pool.structure().setTracked(true);
        handles = new long[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
            handles[i] = pool.allocateDynamic(ItemFlyweight.LAYOUT);
        }
        item = new ItemFlyweight();
    }

    @TearDown
    public void remove() {
        pool.close();
        directory.close();
    }

    /** The baseline of {@link #flyweightGet}. */
    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public long fieldGet() {
        long sum = 0;
        for (long handle : handles) {
            sum += FIRST.get(pool, handle);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public long flyweightGet() {
        long sum = 0;
        for (long handle : handles) {
            sum += item.wrap(pool, handle).first();
        }
        return sum;
    }

    /** The baseline of {@link #flyweightSet}. */
    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public void fieldSet() {
        for (long handle : handles) {
            FIRST.set(pool, handle, ++value);
        }
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public void flyweightSet() {
        for (long handle : handles) {
            item.wrap(pool, handle).first(++value);
        }
    }

    /** The baseline of {@link #flyweightAdd}. */
    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public void fieldAdd() {
        for (long handle : handles) {
            FIRST.add(pool, handle, 1);
        }
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public void flyweightAdd() {
        for (long handle : handles) {
            item.wrap(pool, handle).addFirst(1);
        }
    }

    /** The baseline of {@link #flyweightGetOfArray}. */
    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public int fieldGetOfArray() {
        int sum = 0;
        for (int i = 0; i < OBJECTS; i++) {
            sum += COUNTS.get(pool, handles[i], i & INDEX_MASK);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public int flyweightGetOfArray() {
        int sum = 0;
        for (int i = 0; i < OBJECTS; i++) {
            sum += item.wrap(pool, handles[i]).counts(i & INDEX_MASK);
        }
        return sum;
    }

    /** The baseline of {@link #flyweightSetOfArray}. */
    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public void fieldSetOfArray() {
        for (int i = 0; i < OBJECTS; i++) {
            COUNTS.set(pool, handles[i], i & INDEX_MASK, i);
        }
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public void flyweightSetOfArray() {
        for (int i = 0; i < OBJECTS; i++) {
            item.wrap(pool, handles[i]).counts(i & INDEX_MASK, i);
        }
    }

    /** The baseline of {@link #flyweightLook}. */
    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public long fieldLook() {
        long sum = 0;
        for (long handle : handles) {
            sum += FIRST.get(pool, handle) + SECOND.get(pool, handle) + COUNTS.get(pool, handle, 1) + COUNTS.get(pool, handle, 2);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public long flyweightLook() {
        long sum = 0;
        for (long handle : handles) {
            item.wrap(pool, handle);
            sum += item.first() + item.second() + item.counts(1) + item.counts(2);
        }
        return sum;
    }

    /** The baseline of {@link #flyweightVisit}. */
    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public long fieldVisit() {
        long sum = 0;
        for (long handle : handles) {
            int count = COUNTS.get(pool, handle, 1);
            COUNTS.set(pool, handle, 1, count + 1);
            SECOND.set(pool, handle, count);
            sum += FIRST.add(pool, handle, 1);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public long flyweightVisit() {
        long sum = 0;
        for (long handle : handles) {
            item.wrap(pool, handle);
            int count = item.counts(1);
            item.counts(1, count + 1);
            item.second(count);
            sum += item.addFirst(1);
        }
        return sum;
    }
}
