package io.tha.tracker;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import io.tha.memory.Posix;
import java.io.File;
import java.io.IOException;

/**
 * The control calls of native/tracker.c, whose handler of SIGSEGV notes the first write to a protected page. They return a negative errno
 * instead of throwing.
 *
 * <p>Threads: any.
 */
final class FaultHandler {
    private static final String LIBRARY = "libtha.so";
    private static final String UNAVAILABLE = load();

    private FaultHandler() {}

    /** Why the library is not there, or null when it is. */
    static String unavailableReason() {
        return UNAVAILABLE;
    }

    private static String load() {
        if (!Posix.available()) {
            return Posix.unavailableReason();
        }
        if (!Platform.RESOURCE_PREFIX.equals("linux-x86-64") && !Platform.RESOURCE_PREFIX.equals("linux-aarch64")) {
            return "the fault handler is written for linux-x86-64 and linux-aarch64, not for " + Platform.RESOURCE_PREFIX;
        }
        ClassLoader loader = FaultHandler.class.getClassLoader();
        String resource = Platform.RESOURCE_PREFIX + "/" + LIBRARY;
        if (loader.getResource(resource) == null) {
            return "there is no " + resource + " in the jar, which was built without a C compiler";
        }
        try {
            // By its path, so that nobody else's copy, with handler and table of its own, is found by the name.
            File file = Native.extractFromResourcePath("/" + resource, loader);
            Native.register(Calls.class, NativeLibrary.getInstance(file.getAbsolutePath()));
            return null;
        } catch (IOException | LinkageError e) {
            return resource + " cannot be loaded: " + e.getMessage() + "; -Djna.tmpdir names a directory from which libraries may be loaded";
        }
    }

    /**
     * Protects whole pages.
     *
     * @param narrow from how many separate writable pages on, in all ranges, a fault opens more than one
     * @return number of the range, or a negative errno
     */
    static int watch(long from, long to, long narrow) {
        return Calls.tha_watch(from, to, narrow);
    }

    static int unwatch(int range) {
        return Calls.tha_unwatch(range);
    }

    /**
     * Reports dirty pages, and protects them again.
     *
     * @param walk address of the address to begin at; afterwards where it stopped
     * @param to where to end
     * @param regions address of pairs of addresses
     * @param capacity for how many pairs there is room
     * @return how many pairs there are
     */
    static int scan(int range, long walk, long to, long regions, int capacity) {
        return Calls.tha_scan(range, walk, to, regions, capacity);
    }

    /** Opens pages until they are let go; 0 or a negative errno. */
    static int hold(int range, long from, long to) {
        return Calls.tha_hold(range, from, to);
    }

    static void letGo(int range, long from, long to) {
        Calls.tha_let_go(range, from, to);
    }

    /** By the names that C gives them. */
    private static final class Calls {
        private Calls() {}

        static native int tha_watch(long from, long to, long narrow);

        static native int tha_unwatch(int range);

        static native int tha_scan(int range, long walk, long to, long regions, int capacity);

        static native int tha_hold(int range, long from, long to);

        static native int tha_let_go(int range, long from, long to);
    }
}
