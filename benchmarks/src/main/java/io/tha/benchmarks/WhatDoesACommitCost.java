package io.tha.benchmarks;

import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import java.util.concurrent.TimeUnit;
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
 * A transaction that changes a long in each of two random objects of 64 bytes: begin, two writes, commit. Against two puts and a copy, by
 * hand, of as many bytes into a ring, published by one compare-and-set. Target: at most 400 ns and no garbage with a standby attached.
 *
 * <p>The ring holds what an iteration commits, and each begins when the standby has caught up: the figure is the active's own cost.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 12, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
@State(Scope.Thread)
public class WhatDoesACommitCost {
    private static final long HEADER_BYTES = 4_096;
    private static final int FRAME_BYTES = CommitScene.TRANSACTION_BYTES / 2;

    /** Who follows. */
    public enum Standby {
        NONE,
        IN_ANOTHER_PROCESS
    }

    @Param({"NONE", "IN_ANOTHER_PROCESS"})
    Standby standby;

    @Param({"true", "false"})
    boolean checksums;

    @Param("512")
    int ringMib;

    @Param("1000000")
    int objects;

    private CommitScene scene;

    @Setup
    public void create() {
        scene = new CommitScene(objects, (long) ringMib << 20, checksums);
        if (standby == Standby.IN_ANOTHER_PROCESS) {
            scene.startStandby();
        }
    }

    @Setup(Level.Iteration)
    public void awaitFollowed() {
        scene.awaitFollowed();
    }

    @TearDown
    public void remove() {
        scene.close();
    }

    @Benchmark
    public void commit() {
        scene.transact();
    }

    /** The baseline's ring and objects. */
    @State(Scope.Thread)
    public static class ByHand {
        private DomainDirectory directory;
        private MappedFile ring;
        private long[] addresses;
        private long mask;
        private long tail;
        private int next;
        private long value;

        @Setup
        public void create(WhatDoesACommitCost outer) {
            directory = DomainDirectory.create();
            mask = ((long) outer.ringMib << 20) - 1;
            ring = MappedFile.create(directory.resolve("ring"), HEADER_BYTES + mask + 1 + CommitScene.TRANSACTION_BYTES);
            addresses = outer.scene.handles().clone();
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = outer.scene.application().pool().base() + ObjectMemory.bodyOffset(addresses[i]);
            }
        }

        @TearDown
        public void remove() {
            ring.close();
            directory.close();
        }

        boolean transact() {
            long to = ring.address() + HEADER_BYTES + (tail & mask);
            Memory.putLong(addresses[next], ++value);
            Memory.putLong(addresses[next + 1], value);
            // Together as many bytes as the engine publishes; what is in them is nothing to a baseline.
            copy(addresses[next], to);
            copy(addresses[next + 1], to + FRAME_BYTES);
            next = next + 2 < addresses.length - 1 ? next + 2 : 0;
            long end = tail + CommitScene.TRANSACTION_BYTES;
            boolean published = Memory.compareAndSetLong(ring.address(), tail, end);
            tail = end;
            return published;
        }

        private static void copy(long from, long to) {
            Memory.copy(from, to, Items.BODY_BYTES);
            Memory.putInt(to + Items.BODY_BYTES, FRAME_BYTES);
        }
    }

    /** The baseline; who follows the engine's log, and whether it has checksums, is nothing to it. */
    @Benchmark
    public boolean byHand(ByHand byHand) {
        return byHand.transact();
    }
}
