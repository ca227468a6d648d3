package io.tha.pool;

/**
 * A name as it is handed from pool to frame and from frame to pool: a static text, or a prefix and a number.
 *
 * <p>Threads: one; reused, so that implicit names make no garbage.
 */
public final class NameWord {
    private String text;
    private int prefixId;
    private long number;

    NameWord set(long word, long base) {
        if (Prefix.isDynamic(word)) {
            return setDynamic(Prefix.id(word), Prefix.number(word));
        }
        return word == 0 ? setNone() : setStatic(NameSlots.read(base + word));
    }

    /** No name. */
    public NameWord setNone() {
        text = null;
        prefixId = -1;
        return this;
    }

    public NameWord setStatic(String name) {
        text = name;
        prefixId = -1;
        return this;
    }

    public NameWord setDynamic(int prefix, long n) {
        text = null;
        prefixId = prefix;
        number = n;
        return this;
    }

    public boolean isStatic() {
        return text != null;
    }

    public boolean isDynamic() {
        return prefixId >= 0;
    }

    /** Of a static name. */
    public String text() {
        return text;
    }

    public int prefixId() {
        return prefixId;
    }

    public long number() {
        return number;
    }

    @Override
    public String toString() {
        if (isStatic()) {
            return text;
        }
        return isDynamic() ? "prefix " + prefixId + " #" + number : "";
    }

    long word() {
        return prefixId < 0 ? 0 : Prefix.word(prefixId, number);
    }
}
