package io.tha.benchmarks.compared;

import static org.lmdbjava.DbiFlags.MDB_CREATE;
import static org.lmdbjava.DbiFlags.MDB_INTEGERKEY;
import static org.lmdbjava.EnvFlags.MDB_NOSYNC;
import static org.lmdbjava.EnvFlags.MDB_WRITEMAP;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.lmdbjava.Dbi;
import org.lmdbjava.DirectBufferProxy;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * An LMDB environment in memory, without syncs, that both processes map: the state is its records, and the standby sees each transaction when it is
 * committed.
 */
final class Lmdb {
    private static final long BYTES = 1L << 30;
    private static final int FIELD_OFFSET = 40;

    private Lmdb() {}

    private static Env<DirectBuffer> open(Path directory) {
        try {
            Path path = Files.createDirectories(directory.resolve("lmdb"));
            return Env.create(DirectBufferProxy.PROXY_DB)
                    .setMapSize(BYTES)
                    .setMaxDbs(1)
                    .open(path.toFile(), MDB_WRITEMAP, MDB_NOSYNC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UnsafeBuffer buffer(int bytes) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, Long.BYTES));
    }

    /** Puts records. */
    static final class LmdbActive implements Active {
        private final Env<DirectBuffer> env;
        private final Dbi<DirectBuffer> records;
        private final Changes changes;
        private final int number;
        private final UnsafeBuffer key = buffer(Integer.BYTES);
        private final UnsafeBuffer object = buffer(Load.OBJECT_BYTES);

        LmdbActive(Load load, Path directory) {
            env = open(directory);
            records = env.openDbi("objects", MDB_CREATE, MDB_INTEGERKEY);
            changes = new Changes(load);
            number = load.changes();
            try (Txn<DirectBuffer> transaction = env.txnWrite()) {
                for (int i = 0; i < load.objects(); i++) {
                    put(transaction, i, 0);
                }
                transaction.commit();
            }
        }

        private void put(Txn<DirectBuffer> transaction, int number, long value) {
            key.putInt(0, number, ByteOrder.nativeOrder());
            object.putLong(FIELD_OFFSET, value);
            records.put(transaction, key, object);
        }

        @Override
        public void transact(long value) {
            try (Txn<DirectBuffer> transaction = env.txnWrite()) {
                for (int i = 0; i < number; i++) {
                    put(transaction, changes.nextObject(), value);
                }
                transaction.commit();
            }
        }

        @Override
        public void close() {
            env.close();
        }
    }

    /** Reads them. */
    static final class LmdbStandby implements Standby {
        private final Env<DirectBuffer> env;
        private final Dbi<DirectBuffer> records;
        private final UnsafeBuffer key = buffer(Integer.BYTES);
        private long seen;

        LmdbStandby(Path directory) {
            env = open(directory);
            records = env.openDbi("objects", MDB_INTEGERKEY);
            seen = env.info().lastTransactionId;
        }

        @Override
        public int poll(int most) {
            int committed = (int) Math.min(most, env.info().lastTransactionId - seen);
            seen += committed;
            return committed;
        }

        @Override
        public long value(int object) {
            key.putInt(0, object, ByteOrder.nativeOrder());
            try (Txn<DirectBuffer> transaction = env.txnRead()) {
                return records.get(transaction, key).getLong(FIELD_OFFSET);
            }
        }

        @Override
        public void close() {
            env.close();
        }
    }
}
