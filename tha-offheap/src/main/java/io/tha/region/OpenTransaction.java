package io.tha.region;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the log has of a transaction that published frames and is not decided.
 *
 * <p>Threads: under the commit lock.
 */
public final class OpenTransaction {
    final long transactionId;
    final List<OverflowRange> ranges = new ArrayList<>();
    final List<Path> segments = new ArrayList<>();
    long firstPosition = -1;

    OpenTransaction(long transactionId) {
        this.transactionId = transactionId;
    }
}
