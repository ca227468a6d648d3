package io.tha.pool;

/** Hashes of names. */
final class NameHash {
    private NameHash() {}

    /** Of a static name. */
    static long of(CharSequence text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 32;
        }
        return mix(hash);
    }

    /** The finalizer of MurmurHash3 (Austin Appleby, public domain): one to one. */
    static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CE_B9FE_1A85_EC53L;
        return mixed ^ mixed >>> 33;
    }
}
