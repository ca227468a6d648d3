package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.pool.ThaPool;
import io.tha.region.FrameHandler;
import io.tha.region.LogReader;
import java.nio.file.Path;

/** A standby's copy of a {@link ScriptedActive}, which applies what that has published when the test says so. */
final class Copy implements AutoCloseable {
    private static final int POOL_BYTES = 4 << 20;

    final ThaPool pool;
    final Replica replica;
    final ScrubFindings findings = new ScrubFindings();
    private final ScriptedActive active;
    private final LogReader reader;
    private final Spool spool = new Spool();

    private Copy(ScriptedActive active, Path file, Joiner.Version version, boolean fromBeginning) {
        this.active = active;
        pool = ThaPool.create(file, POOL_BYTES);
        pool.register(version.layouts().all());
        PeerSpace peers = new PeerSpace(active.image.memory().firstDataPage(), active.image.memory().pageCount());
        replica = new Replica(pool.structure(), peers, version, true);
        replica.report(findings);
        reader = active.join(fromBeginning);
    }

    /** Of an active that has sent nothing but registrations. */
    static Copy fromBeginning(ScriptedActive active, Path file) {
        return fromBeginning(active, file, Joiner.Version.undeclared());
    }

    /** Of an active that has sent nothing but registrations, for another version. */
    static Copy fromBeginning(ScriptedActive active, Path file, Joiner.Version version) {
        Copy copy = new Copy(active, file, version, true);
        copy.replica.endRedo();
        copy.follow();
        return copy;
    }

    /** That will redo all that is sent from now on, over the image at the time of {@link #bootstrap}. */
    static Copy late(ScriptedActive active, Path file) {
        return late(active, file, Joiner.Version.undeclared());
    }

    /** As the other one, for another version. */
    static Copy late(ScriptedActive active, Path file, Joiner.Version version) {
        return new Copy(active, file, version, false);
    }

    /** Keeps what was published for the redo. */
    void spool() {
        poll(spool);
    }

    void bootstrap() {
        spool();
        new Bootstrap(active.image, replica, () -> {}).run();
        while (spool.replaySome(replica)) {
            // In order.
        }
        replica.endRedo();
    }

    /** Applies what was published. */
    void follow() {
        poll(replica);
    }

    /** Applies a part that was published whole, before the log commits it. */
    void goAhead(long id) {
        assertEquals(1, reader.commitPart(id, replica));
        replica.ahead(true);
    }

    /** Whether it has more than the log has committed. */
    boolean isAhead() {
        replica.ahead(reader.isAhead());
        return reader.isAhead();
    }

    /** How many parts the log has that are undecided. */
    int undecidedParts() {
        return reader.undecidedParts().length;
    }

    private void poll(FrameHandler handler) {
        int transactions = reader.poll(handler);
        while (transactions > 0) {
            transactions = reader.poll(handler);
        }
        assertEquals(0, transactions, "result of the last poll");
    }

    /** This side's handle of an object of the active. */
    long handle(long activeHandle) {
        long handle = replica.peers().find(activeHandle);
        assertTrue(handle != 0 && pool.isLive(handle), () -> "the copy has no object 0x" + Long.toHexString(activeHandle));
        return handle;
    }

    /** Where an object of the active is here. */
    long address(long activeHandle) {
        return pool.structure().memory().base() + ObjectMemory.bodyOffset(handle(activeHandle));
    }

    long pointer(long activeHandle, int offset) {
        return Memory.getLong(address(activeHandle) + offset);
    }

    @Override
    public void close() {
        spool.close();
        reader.close();
        replica.close();
        pool.close();
    }
}
