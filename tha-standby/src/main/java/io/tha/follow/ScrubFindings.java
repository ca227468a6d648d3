package io.tha.follow;

import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What scrubbing has found, over all copies that a standby builds one after the other.
 *
 * <p>Threads: the follower's; others when it is kept out.
 */
public final class ScrubFindings {
    private static final System.Logger LOG = System.getLogger(ScrubFindings.class.getName());
    private static final int MOST_FINDINGS = 1_000;
    private static final int MOST_LOGGED = 8;

    private final ArrayDeque<ScrubFinding> latest = new ArrayDeque<>();
    private long objects;
    private long suspects;
    private long repaired;
    private int unrepaired;
    private long rebuilt;

    void scrubbed(int count) {
        objects += count;
    }

    void suspected() {
        suspects++;
    }

    void unrepaired(int count) {
        unrepaired = count;
    }

    /** An object was damaged, and is repaired. */
    void repaired(List<ScrubFinding> fields) {
        repaired++;
        fields.forEach(this::add);
        String told = fields.stream().limit(MOST_LOGGED).map(ScrubFinding::toString).collect(Collectors.joining("; "));
        LOG.log(System.Logger.Level.WARNING, "the copy of an object was damaged, and is repaired: {0}{1}", told, more(fields.size()));
    }

    private static String more(int count) {
        return count <= MOST_LOGGED ? "" : "; and " + (count - MOST_LOGGED) + " more";
    }

    /** What was damaged cannot be repaired in its place. */
    void rebuilt(ScrubFinding finding) {
        rebuilt++;
        add(finding);
        LOG.log(System.Logger.Level.WARNING, "the copy was damaged, and is built anew: {0}", finding);
    }

    private void add(ScrubFinding finding) {
        if (latest.size() == MOST_FINDINGS) {
            latest.removeFirst();
        }
        latest.add(finding);
    }

    /** The counts. */
    public ScrubStatus status() {
        return new ScrubStatus(objects, suspects, repaired, unrepaired, rebuilt);
    }

    /** The latest ones, in order. */
    public List<ScrubFinding> latest() {
        return List.copyOf(latest);
    }
}
