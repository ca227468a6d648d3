package io.tha.active;

import io.tha.ThaException;
import io.tha.capture.Snapshot;
import io.tha.pool.CommittedImage;
import io.tha.pool.ThaPool;
import io.tha.region.DomainFiles;
import io.tha.region.LogFile;
import io.tha.region.OutcomeTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a first active while they are made: all of them stay, or none.
 *
 * <p>Threads: one.
 */
final class FirstFiles {
    private final DomainFiles files;
    private final ThaConfig config;
    private ThaPool pool;
    private CommittedImage image;
    private LogFile log;
    private OutcomeTable outcomes;

    FirstFiles(DomainFiles files, ThaConfig config) {
        this.files = files;
        this.config = config;
    }

    /**
     * Makes them.
     *
     * @throws ThaException if one cannot be made; {@link #remove} follows
     */
    ActiveParts make() {
        files.sweep();
        pool = ThaPool.create(files.newPool(), config.poolBytes());
        if (config.snapshot() == Snapshot.IMAGE) {
            image = CommittedImage.create(files.newImage(), pool);
            image.memory().casWriter(0, files.control().processWord());
        } else {
            pool.structure().memory().closeForCopies();
        }
        log = LogFile.prepare(files.newPreparedLog(), config.log());
        outcomes = OutcomeTable.create(files.outcomes(copied()));
        return new ActiveParts(files.control(), files.application(), pool, image, outcomes, log, config, files.control());
    }

    private Path copied() {
        return (image != null ? image.memory() : pool.structure().memory()).path();
    }

    /** Unmaps and unlinks what was made; nobody else knows of it. */
    void remove() {
        if (outcomes != null) {
            outcomes.close();
            delete(outcomes.path());
        }
        if (log != null) {
            log.close();
            delete(log.path());
        }
        if (image != null) {
            image.close();
            delete(image.memory().path());
        }
        if (pool != null) {
            pool.close();
            delete(pool.structure().memory().path());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(FirstFiles.class.getName())
                    .log(System.Logger.Level.WARNING, "file '" + file + "' cannot be removed; remove it by hand", e);
        }
    }
}
