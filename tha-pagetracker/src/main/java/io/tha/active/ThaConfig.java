package io.tha.active;

import io.tha.ThaException;
import io.tha.capture.Comparison;
import io.tha.capture.Snapshot;
import io.tha.pool.PoolMemory;
import io.tha.region.LogConfig;
import io.tha.region.ReaderPolicy;
import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What an application is opened with, as active or as standby. Both sides may differ, except that a standby's pool must hold the active's objects.
 *
 * <p>Threads: immutable.
 */
public final class ThaConfig {
    private final long poolBytes;
    private final long ringBytes;
    private final boolean checksums;
    private final Duration readerTimeout;
    private final Duration lease;
    private final SlowStandby slowStandby;
    private final TrackerKind tracker;
    private final TrackerKind trackerFallback;
    private final boolean rawWrites;
    private final int auditEvery;
    private final Snapshot snapshot;
    private final Comparison comparison;
    private final StandbyMode standbyMode;
    private final double scrubShare;
    private final String version;

    private ThaConfig(Builder builder) {
        poolBytes = builder.poolBytes;
        ringBytes = builder.ringBytes;
        checksums = builder.checksums;
        readerTimeout = builder.readerTimeout;
        lease = builder.lease;
        slowStandby = builder.slowStandby;
        tracker = builder.tracker;
        trackerFallback = builder.trackerFallback;
        rawWrites = builder.rawWrites;
        auditEvery = builder.auditEvery;
        snapshot = builder.snapshot;
        comparison = builder.usedComparison();
        standbyMode = builder.standbyMode;
        scrubShare = builder.usedScrubShare();
        version = builder.version;
    }

    /** Every knob at its default. */
    public static ThaConfig defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The same knobs, to be changed. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.poolBytes = poolBytes;
        builder.ringBytes = ringBytes;
        builder.checksums = checksums;
        builder.readerTimeout = readerTimeout;
        builder.lease = lease;
        builder.slowStandby = slowStandby;
        builder.tracker = tracker;
        builder.trackerFallback = trackerFallback;
        builder.rawWrites = rawWrites;
        builder.auditEvery = auditEvery;
        builder.snapshot = snapshot;
        builder.comparison = comparison;
        builder.standbyMode = standbyMode;
        builder.scrubShare = scrubShare == Builder.defaultScrubShare(snapshot) ? null : scrubShare;
        builder.version = version;
        return builder;
    }

    /** Size of the pool in bytes; the committed image of a first active has the same. */
    public long poolBytes() {
        return poolBytes;
    }

    public Duration readerTimeout() {
        return readerTimeout;
    }

    /** How long the active may show no sign of life before this standby takes over; zero for as long as it lives. */
    public Duration lease() {
        return lease;
    }

    /** What becomes of a standby that has not made room by then. */
    public SlowStandby slowStandby() {
        return slowStandby;
    }

    /** What its log's writer does about slow readers. */
    public ReaderPolicy readerPolicy() {
        return new ReaderPolicy(readerTimeout.toNanos(), slowStandby == SlowStandby.REJECT);
    }

    /** As configured. */
    public TrackerKind tracker() {
        return tracker;
    }

    /**
     * The tracker that this process uses: as configured, or what it falls back on.
     *
     * @throws ThaException if it is missing here, with the reason
     */
    public TrackerKind usableTracker() {
        TrackerKind usable = Trackers.choose(tracker, trackerFallback, rawWrites);
        if (usable == TrackerKind.COMPARE && comparison != Comparison.ACTIVE) {
            throw new ThaException("tracker COMPARE is all that is there, and compares on the active, with an image: configure snapshot IMAGE and "
                    + "comparison ACTIVE, or a tracker that is there");
        }
        return usable;
    }

    /** From one audited commit to the next; 0 for none. */
    public int auditEvery() {
        return auditEvery;
    }

    /** What is kept of the committed state. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** Where written memory is compared with what was committed before. */
    public Comparison comparison() {
        return comparison;
    }

    /** What a standby keeps of the state. */
    public StandbyMode standbyMode() {
        return standbyMode;
    }

    /** The part of one processor that scrubbing may take; 0 where it is off. */
    public double scrubShare() {
        return scrubShare;
    }

    /** Of the software; for people. */
    public String version() {
        return version;
    }

    /** What its logs are made with. */
    public LogConfig log() {
        return new LogConfig(ringBytes, checksums);
    }

    @Override
    public String toString() {
        return "poolBytes=" + poolBytes + " ringBytes=" + ringBytes + " checksums=" + checksums + " readerTimeout=" + readerTimeout
                + " lease=" + lease + " slowStandby=" + slowStandby
                + " tracker=" + tracker + " trackerFallback=" + trackerFallback + " rawWrites=" + rawWrites + " auditEvery=" + auditEvery
                + " snapshot=" + snapshot + " comparison=" + comparison + " standbyMode=" + standbyMode
                + " scrubShare=" + scrubShare + " version=" + version;
    }

    /** Collects the knobs; nothing is checked before {@link #build}. */
    public static final class Builder {
        private static final long DEFAULT_POOL_BYTES = 64L << 20;
        private static final long DEFAULT_RING_BYTES = 16L << 20;
        private static final Duration DEFAULT_READER_TIMEOUT = Duration.ofSeconds(1);
        private static final Duration MAX_READER_TIMEOUT = Duration.ofHours(1);
        private static final Duration DEFAULT_LEASE = Duration.ofSeconds(2);
        private static final Duration MIN_LEASE = Duration.ofMillis(100);
        private static final Duration MAX_LEASE = Duration.ofHours(1);
        private static final double DEFAULT_SCRUB_SHARE = 0.01;

        private long poolBytes = DEFAULT_POOL_BYTES;
        private long ringBytes = DEFAULT_RING_BYTES;
        private boolean checksums = true;
        private Duration readerTimeout = DEFAULT_READER_TIMEOUT;
        private Duration lease = DEFAULT_LEASE;
        private SlowStandby slowStandby = SlowStandby.DROP;
        private TrackerKind tracker = TrackerKind.AUTO;
        private TrackerKind trackerFallback;
        private boolean rawWrites;
        private int auditEvery;
        private Snapshot snapshot = Snapshot.IMAGE;
        private Comparison comparison;
        private StandbyMode standbyMode = StandbyMode.COPY;
        /** Null for the default. */
        private Double scrubShare;

        private String version = "1";

        private Builder() {}

        /** Default 64 MiB; from 256 KiB on, rounded up to 4 KiB; reserved when the application is opened. */
        public Builder poolBytes(long bytes) {
            poolBytes = bytes;
            return this;
        }

        /** Ring of the transaction log; default 16 MiB, a power of two from 64 KiB to 1 GiB. A standby may fall behind by about as much. */
        public Builder ringBytes(long bytes) {
            ringBytes = bytes;
            return this;
        }

        /** Whether log frames carry a CRC-32C; default true. */
        public Builder checksums(boolean on) {
            checksums = on;
            return this;
        }

        /** How long a commit waits for a standby that does not make room, before {@link #slowStandby}; default 1 s, 0 to 1 h. */
        public Builder readerTimeout(Duration timeout) {
            readerTimeout = timeout;
            return this;
        }

        /**
         * A standby's: how long the active may hang before this standby takes over and fences it; default 2 s, 100 ms to 1 h, or zero: then a hung
         * active stays active for as long as its process lives. Longer than the longest pause for garbage collection. A dead active is noticed at
         * once, whatever is set here. And an active's: how long a coordinated transaction that it was done with may be undecided, before it attempts
         * to abort what holds it up; zero: for ever.
         */
        public Builder lease(Duration time) {
            lease = time;
            return this;
        }

        /** What becomes of a standby that has not made room when {@link #readerTimeout} is over; default {@link SlowStandby#DROP}. */
        public Builder slowStandby(SlowStandby policy) {
            slowStandby = policy;
            return this;
        }

        /** How written memory is found; default {@link TrackerKind#AUTO}. Where it is missing, opening the application fails. */
        public Builder tracker(TrackerKind kind) {
            tracker = kind;
            return this;
        }

        /** What is used, with a logged message, where {@link #tracker} is missing; default none. */
        public Builder trackerFallback(TrackerKind kind) {
            trackerFallback = kind;
            return this;
        }

        /** Whether state is also written by address and not only through the pool's fields; default false. */
        public Builder rawWrites(boolean declared) {
            rawWrites = declared;
            return this;
        }

        /**
         * Checks the tracker at each so many-th commit against a comparison of everything that the transaction's groups have; a write that it missed
         * is logged, counted and repaired. Default 0, never; 1 for each commit. For tests, and for a service that writes by address.
         */
        public Builder auditEvery(int commits) {
            auditEvery = commits;
            return this;
        }

        /**
         * What the active keeps of the committed state; default {@link Snapshot#IMAGE}. {@code LINES} needs tracker {@code SOFTWARE}. Without an
         * image, standbys join when {@link ThaApplication#admitStandbys} lets them.
         */
        public Builder snapshot(Snapshot kind) {
            snapshot = kind;
            return this;
        }

        /**
         * Where written memory is compared with what was committed before; default {@link Comparison#ACTIVE}, with snapshot {@code NONE}
         * {@link Comparison#NOWHERE}.
         */
        public Builder comparison(Comparison where) {
            comparison = where;
            return this;
        }

        /**
         * A standby's: whether it has a copy of the state; default {@link StandbyMode#COPY}. {@code MAPPING} needs snapshot {@code IMAGE} on both
         * sides,
         * and equal layouts.
         */
        public Builder standbyMode(StandbyMode mode) {
            standbyMode = mode;
            return this;
        }

        private Comparison usedComparison() {
            return comparison != null ? comparison : snapshot == Snapshot.NONE ? Comparison.NOWHERE : Comparison.ACTIVE;
        }

        /**
         * The active's: which part of one processor it may use to compare its standbys' copies with the committed state, object by object and again
         * and again; what differs there is repaired. Default 0.01; 0, never, to 1. It needs snapshot {@code IMAGE}; without one it is off.
         */
        public Builder scrubShare(double ofOneProcessor) {
            scrubShare = ofOneProcessor;
            return this;
        }

        private double usedScrubShare() {
            return scrubShare != null ? scrubShare : defaultScrubShare(snapshot);
        }

        private static double defaultScrubShare(Snapshot kept) {
            return kept == Snapshot.IMAGE ? DEFAULT_SCRUB_SHARE : 0;
        }

        private void checkScrubShare(List<String> problems) {
            double used = usedScrubShare();
            if (!(used >= 0 && used <= 1)) {
                problems.add("scrubShare " + used + ", expected 0 to 1");
            } else if (used > 0 && snapshot != Snapshot.IMAGE) {
                problems.add("scrubShare " + used + ", which needs snapshot IMAGE");
            }
        }

        /** Version of the software, for people; default "1"; 1 to 64 printable ASCII characters without blanks. */
        public Builder version(String text) {
            version = text;
            return this;
        }

        private void checkTracker(List<String> problems) {
            if (tracker == null) {
                problems.add("tracker is null");
            }
            for (TrackerKind kind : new TrackerKind[] {tracker, trackerFallback}) {
                if (rawWrites && kind != null && !kind.seesRawWrites()) {
                    problems.add("rawWrites are declared, and tracker " + kind + " does not see them");
                }
            }
        }

        private void checkSnapshot(List<String> problems) {
            if (snapshot == null) {
                problems.add("snapshot is null");
                return;
            }
            boolean software = tracker == TrackerKind.SOFTWARE || tracker == TrackerKind.AUTO && !rawWrites;
            boolean softwareFallback = trackerFallback == null || trackerFallback == TrackerKind.SOFTWARE;
            if (snapshot == Snapshot.LINES && !(software && softwareFallback)) {
                problems.add("snapshot LINES, which tracker SOFTWARE alone can keep, with tracker " + tracker
                        + (trackerFallback == null ? "" : " and fallback " + trackerFallback));
            }
            if (standbyMode == StandbyMode.MAPPING && snapshot != Snapshot.IMAGE) {
                problems.add("standbyMode MAPPING, which needs snapshot IMAGE, with snapshot " + snapshot);
            }
            if (snapshot == Snapshot.NONE && comparison == Comparison.ACTIVE) {
                problems.add("comparison ACTIVE, for which snapshot NONE has nothing to compare with");
            }
            boolean comparesOnActive = snapshot == Snapshot.IMAGE && usedComparison() == Comparison.ACTIVE;
            if (auditEvery > 0 && !comparesOnActive) {
                problems.add("auditEvery " + auditEvery + ", which needs snapshot IMAGE and comparison ACTIVE");
            }
            if ((tracker == TrackerKind.COMPARE || trackerFallback == TrackerKind.COMPARE) && !comparesOnActive) {
                problems.add("tracker COMPARE, which needs snapshot IMAGE and comparison ACTIVE");
            }
        }

        /**
         * Checks everything at once.
         *
         * @throws IllegalArgumentException that lists every problem
         */
        public ThaConfig build() {
            List<String> problems = new ArrayList<>();
            if (poolBytes < PoolMemory.MIN_SIZE || poolBytes > PoolMemory.MAX_SIZE) {
                problems.add("poolBytes " + poolBytes + ", expected " + PoolMemory.MIN_SIZE + " to " + PoolMemory.MAX_SIZE);
            }
            try {
                new LogConfig(ringBytes, checksums);
            } catch (IllegalArgumentException e) {
                problems.add("ringBytes: " + e.getMessage());
            }
            if (readerTimeout == null || readerTimeout.isNegative() || readerTimeout.compareTo(MAX_READER_TIMEOUT) > 0) {
                problems.add("readerTimeout " + readerTimeout + ", expected 0 to " + MAX_READER_TIMEOUT);
            }
            boolean isLease = lease != null && (lease.isZero() || lease.compareTo(MIN_LEASE) >= 0 && lease.compareTo(MAX_LEASE) <= 0);
            if (!isLease) {
                problems.add("lease " + lease + ", expected 0, or " + MIN_LEASE + " to " + MAX_LEASE);
            }
            if (standbyMode == null) {
                problems.add("standbyMode is null");
            }
            if (slowStandby == null) {
                problems.add("slowStandby is null");
            }
            checkTracker(problems);
            checkSnapshot(problems);
            checkScrubShare(problems);
            if (auditEvery < 0) {
                problems.add("auditEvery " + auditEvery + ", expected 0 or more");
            }
            if (version == null || !version.matches("[\\x21-\\x7e]{1,64}")) {
                problems.add("version '" + version + "', expected 1 to 64 printable ASCII characters without blanks");
            }
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("configuration: " + String.join("; ", problems));
            }
            return new ThaConfig(this);
        }
    }
}
