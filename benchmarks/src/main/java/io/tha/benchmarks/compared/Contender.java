package io.tha.benchmarks.compared;

import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.util.Locale;

/** What is measured side by side; each in its natural best form. */
enum Contender {
    NONE {
        @Override
        Active active(Load load, Path directory) {
            return new NoReplication(load);
        }
    },
    RING {
        @Override
        Active active(Load load, Path directory) {
            return new Ring.RingActive(load, directory);
        }

        @Override
        Standby standby(Load load, Path directory) {
            return new Ring.RingStandby(load, directory);
        }
    },
    AERON {
        @Override
        Active active(Load load, Path directory) {
            return new AeronIpc.AeronActive(load, directory);
        }

        @Override
        Standby standby(Load load, Path directory) {
            return new AeronIpc.AeronStandby(load, directory, ThreadingMode.DEDICATED);
        }

        @Override
        boolean isStandbyFirst() {
            return true;
        }
    },
    AERON_SHARED {
        @Override
        Active active(Load load, Path directory) {
            return new AeronIpc.AeronActive(load, directory);
        }

        @Override
        Standby standby(Load load, Path directory) {
            return new AeronIpc.AeronStandby(load, directory, ThreadingMode.SHARED);
        }

        @Override
        boolean isStandbyFirst() {
            return true;
        }
    },
    CHRONICLE {
        @Override
        Active active(Load load, Path directory) {
            return new ChronicleQueues.QueueActive(load, directory);
        }

        @Override
        Standby standby(Load load, Path directory) {
            return new ChronicleQueues.QueueStandby(load, directory);
        }
    },
    LMDB {
        @Override
        Active active(Load load, Path directory) {
            return new Lmdb.LmdbActive(load, directory);
        }

        @Override
        Standby standby(Load load, Path directory) {
            return new Lmdb.LmdbStandby(directory);
        }
    },
    HAZELCAST {
        @Override
        Active active(Load load, Path directory) {
            return new Hazelcasts.HazelcastActive(load, directory);
        }

        @Override
        Standby standby(Load load, Path directory) {
            return new Hazelcasts.HazelcastStandby(directory);
        }

        @Override
        boolean isSynchronous() {
            return true;
        }
    },
    THA {
        @Override
        Active active(Load load, Path directory) {
            return new Engine.EngineActive(load, directory);
        }

        @Override
        Standby standby(Load load, Path directory) {
            return new Engine.EngineStandby(load, directory);
        }
    };

    /** Of the ring, term or log between the processes. */
    static final int CHANNEL_BYTES = 16 << 20;

    /** Opens the side that serves. */
    abstract Active active(Load load, Path directory);

    /** Opens the side that follows. */
    Standby standby(Load load, Path directory) {
        throw new IllegalStateException(this + " has no standby");
    }

    /** Whether there is anybody who follows. */
    boolean isReplicated() {
        return this != NONE;
    }

    /** Whether the standby's process has what the active connects to. */
    boolean isStandbyFirst() {
        return false;
    }

    /** Whether a transaction is at the standby when it is over for the active. */
    boolean isSynchronous() {
        return false;
    }

    /** In tables and goals. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
