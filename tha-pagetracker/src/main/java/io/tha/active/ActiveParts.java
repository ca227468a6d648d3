package io.tha.active;

import io.tha.pool.CommittedImage;
import io.tha.pool.PoolMemory;
import io.tha.pool.ThaPool;
import io.tha.region.ControlFile;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import io.tha.region.TransactionIdSource;
import java.nio.file.Path;

/**
 * What an active works with, prepared before it serves.
 *
 * @param control of the domain
 * @param name of the application
 * @param pool its state
 * @param image the committed state; null where none is kept, and the pool itself is copied
 * @param outcomes of its transactions, beside what standbys copy
 * @param log of its epoch
 * @param config it was opened with
 * @param ids for its transactions: the domain's, unless they are of no consequence
 */
public record ActiveParts(
        ControlFile control,
        String name,
        ThaPool pool,
        CommittedImage image,
        OutcomeTable outcomes,
        LogFile log,
        ThaConfig config,
        TransactionIdSource ids) {
    /** The file that standbys copy. */
    public Path copiedFile() {
        return copied().path();
    }

    /** The id of the file that standbys copy. */
    public long copiedId() {
        return copied().poolId();
    }

    private PoolMemory copied() {
        return image == null ? pool.structure().memory() : image.memory();
    }
}
