package io.tha.region;

import java.util.ArrayList;
import java.util.List;

/**
 * What the log has of a transaction that published frames and is not decided. When it is, another transaction may get the object.
 *
 * <p>Threads: under the commit lock.
 */
public final class OpenTransaction {
    final List<OverflowRange> ranges = new ArrayList<>();
    final List<OverflowWriter.Segment> segments = new ArrayList<>();
    long transactionId;
    long firstPosition;
    /** Of an earlier epoch: only its intents are left. */
    boolean inherited;
    /** Its application has said that nothing follows but the decision. */
    boolean done;

    OpenTransaction() {}
}
