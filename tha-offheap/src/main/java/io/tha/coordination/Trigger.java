package io.tha.coordination;

import io.tha.CorruptRegionException;

/** When a coordinated transaction is complete: from then on nobody can abort it but what it depends on; docs/coordination.md 1.2. */
public enum Trigger {
    /** When one participant, the notifier, is done. All others that have joined must be done before. */
    NOTIFIER(1),
    /** When the last participant of the declared order is done; each must be done after those before it. */
    LAST_IN_ORDER(2),
    /** When so many participants are done; no more can join. */
    COUNT(3),
    /** When all participants are done. */
    EACH(4);

    /** In the order of their codes. */
    private static final Trigger[] ALL = values();

    private final int code;

    Trigger(int code) {
        this.code = code;
    }

    /** In the records of the table. */
    int code() {
        return code;
    }

    /** By what a record has. */
    static Trigger of(int code) {
        if (code < 1 || code > ALL.length) {
            throw new CorruptRegionException("decision table: trigger " + code + ", expected 1 to " + ALL.length
                    + "; the region was damaged, stop all processes of the domain and remove it");
        }
        return ALL[code - 1];
    }

    boolean isComplete(int argument, int participants, int done) {
        return switch (this) {
            case NOTIFIER -> has(done, argument);
            case LAST_IN_ORDER -> has(done, participants - 1);
            case COUNT -> Integer.bitCount(done) == argument;
            case EACH -> Integer.bitCount(done) == participants;
        };
    }

    private static boolean has(int bits, int index) {
        return (bits >>> index & 1) != 0;
    }
}
