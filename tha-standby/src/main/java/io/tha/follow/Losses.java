package io.tha.follow;

import io.tha.LayoutMismatchException;
import io.tha.transform.Dangling;
import io.tha.transform.Narrowing;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of the active's state this side's version cannot hold, over all copies that a standby builds one after the other.
 *
 * <p>Threads: any.
 */
public final class Losses {
    private static final System.Logger LOG = System.getLogger(Losses.class.getName());
    private static final int MOST_TOLD = 1_000;

    private final SortedMap<String, Long> byField = new TreeMap<>();
    private final ArrayDeque<FieldLoss> latest = new ArrayDeque<>();
    private final ArrayDeque<DanglingPointer> latestDangling = new ArrayDeque<>();
    private long dangling;

    /**
     * A committed value does not fit.
     *
     * @throws LayoutMismatchException if its field's policy is to fail
     */
    synchronized void lost(FieldLoss loss) {
        if (byField.merge(loss.layout() + "." + loss.field(), 1L, Long::sum) == 1) {
            LOG.log(System.Logger.Level.WARNING, "{0}; further ones of this field are counted only", loss);
        }
        add(latest, loss);
        if (loss.policy() == Narrowing.FAIL) {
            throw new LayoutMismatchException(loss + "; declare for the field what is to become of such values (CLAMP or TRUNCATE), or widen it, "
                    + "and start this standby again");
        }
    }

    /**
     * A pointer of the committed state leads nowhere.
     *
     * @throws LayoutMismatchException if its layout's policy is to fail
     */
    synchronized void dangles(DanglingPointer pointer) {
        if (++dangling == 1) {
            LOG.log(System.Logger.Level.WARNING, "{0}; further dangling pointers are counted only", pointer);
        }
        add(latestDangling, pointer);
        if (pointer.policy() == Dangling.FAIL) {
            throw new LayoutMismatchException(pointer + "; mend the pointer on the active, or declare what is to become of such ones (KEEP or NULL), "
                    + "and start this standby again");
        }
    }

    private static <T> void add(ArrayDeque<T> to, T told) {
        if (to.size() == MOST_TOLD) {
            to.removeFirst();
        }
        to.add(told);
    }

    /** The counts. */
    public synchronized LossStatus status() {
        return new LossStatus(Collections.unmodifiableMap(new TreeMap<>(byField)), dangling);
    }

    /** The latest thousand values that did not fit, in order. */
    public synchronized List<FieldLoss> latest() {
        return List.copyOf(latest);
    }

    /** The latest thousand pointers that led nowhere, in order. */
    public synchronized List<DanglingPointer> latestDangling() {
        return List.copyOf(latestDangling);
    }
}
