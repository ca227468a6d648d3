package io.tha.region;

/** Numbers of frame types; docs/formats.md 3.2. Plain numbers, since readers meet types that they do not know. */
public final class FrameType {
    public static final int LAYOUT = 1;
    public static final int GROUP = 2;
    public static final int PREFIX = 3;
    public static final int CREATE = 4;
    public static final int UPDATE = 5;
    public static final int DELETE = 6;
    public static final int INTENT = 7;
    public static final int PARTICIPANT = 8;
    public static final int DONE = 9;
    public static final int COMMIT = 10;
    public static final int ABORT = 11;
    public static final int OVERFLOW = 12;
    public static final int PADDING = 13;
    public static final int SCRUB = 14;
    public static final int IDENTITY = 15;

    private FrameType() {}

    /** Whether this program knows the type. */
    static boolean isKnown(int type) {
        return type >= LAYOUT && type <= IDENTITY;
    }
}
