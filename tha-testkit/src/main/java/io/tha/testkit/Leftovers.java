package io.tha.testkit;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a test run has started and must not leave behind: cleared by a shutdown hook if a test did not.
 *
 * <p>One hook for all kinds, so that the children are dead before their directories go.
 */
final class Leftovers {
    private static final Set<Process> CHILDREN = ConcurrentHashMap.newKeySet();
    private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();
    private static final Set<Path> MOUNTS = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::clear, "tha-testkit-leftovers"));
    }

    private Leftovers() {}

    static void add(Process child) {
        CHILDREN.add(child);
    }

    static void remove(Process child) {
        CHILDREN.remove(child);
    }

    static void add(Path directory) {
        DIRECTORIES.add(directory);
    }

    static void remove(Path directory) {
        DIRECTORIES.remove(directory);
    }

    static void addMount(Path mounted) {
        MOUNTS.add(mounted);
    }

    static void removeMount(Path mounted) {
        MOUNTS.remove(mounted);
    }

    private static void clear() {
        CHILDREN.forEach(Process::destroyForcibly);
        for (Process child : CHILDREN) {
            child.onExit().join();
        }
        MOUNTS.forEach(SmallDisk::unmount);
        DIRECTORIES.forEach(DomainDirectory::deleteTree);
    }
}
