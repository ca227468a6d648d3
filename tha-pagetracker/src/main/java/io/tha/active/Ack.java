package io.tha.active;

/**
 * What is known of a committed transaction beside that it is committed: who has it. Standbys whose copies are still being built do not count.
 * docs/acknowledgement.md tells which failures each one survives.
 *
 * <p>Threads: any; immutable.
 */
public final class Ack {
    /** It is in the log: it survives this process. Always reached when a commit returns. */
    public static final Ack LOGGED = new Ack(Kind.LOGGED, 0);

    /** A standby has read and checked it. */
    public static final Ack RECEIVED = received(1);

    /** A standby has committed it to its own pool: queries there see it. */
    public static final Ack APPLIED = applied(1);

    /** All standbys that follow, one at least, have committed it to their pools. */
    public static final Ack APPLIED_ALL = new Ack(Kind.APPLIED_ALL, 1);

    private static final int MAX_STANDBYS = 32;

    private final Kind kind;
    private final int standbys;

    private Ack(Kind kind, int standbys) {
        this.kind = kind;
        this.standbys = standbys;
    }

    /** What somebody has done with it. */
    enum Kind {
        LOGGED(0),
        RECEIVED(1),
        APPLIED(2),
        APPLIED_ALL(3);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /**
     * So many standbys have read and checked it.
     *
     * @param standbys 1 to 32
     */
    public static Ack received(int standbys) {
        return new Ack(Kind.RECEIVED, checked(standbys));
    }

    /**
     * So many standbys have committed it to their own pools.
     *
     * @param standbys 1 to 32
     */
    public static Ack applied(int standbys) {
        return new Ack(Kind.APPLIED, checked(standbys));
    }

    private static int checked(int standbys) {
        if (standbys < 1 || standbys > MAX_STANDBYS) {
            throw new IllegalArgumentException("acknowledgement by " + standbys + " standbys, expected 1 to " + MAX_STANDBYS);
        }
        return standbys;
    }

    Kind kind() {
        return kind;
    }

    int standbys() {
        return standbys;
    }

    /** Different for each one. */
    int index() {
        return kind.number * (MAX_STANDBYS + 1) + standbys;
    }

    /** Above every {@link #index}. */
    static int indexes() {
        return Kind.values().length * (MAX_STANDBYS + 1);
    }

    @Override
    public String toString() {
        return kind == Kind.RECEIVED || kind == Kind.APPLIED ? kind + "(" + standbys + ")" : kind.toString();
    }
}
