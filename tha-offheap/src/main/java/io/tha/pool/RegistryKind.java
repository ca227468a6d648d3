package io.tha.pool;

/** What a record of the registry says; also the first word of a registration frame in the log. */
public enum RegistryKind {
    LAYOUT(1),
    GROUP(2),
    PREFIX(3),
    LAYOUT_REMOVED(4),
    GROUP_REMOVED(5);

    private static final RegistryKind[] BY_NUMBER = values();

    private final int number;

    RegistryKind(int number) {
        this.number = number;
    }

    /** As it is stored. */
    public int number() {
        return number;
    }

    /** The kind with this number, or null. */
    public static RegistryKind of(int number) {
        return number >= 1 && number <= BY_NUMBER.length ? BY_NUMBER[number - 1] : null;
    }
}
