package io.tha.testkit;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes that a JVM has loaded, in an archive that others of the same JDK map: so they start in half the time. Where the JVM makes no archive,
 * or cannot use it, it starts as without one.
 *
 * <p>Threads: any, after it was recorded.
 */
public final class ClassArchive {
    private static final AtomicReference<ClassArchive> SHARED = new AtomicReference<>();
    private static final List<String> QUIET = List.of("-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off");

    private final Path file;
    private final String classPath;

    /** The class path of this JVM, as jars in a directory that is the caller's; an archive is of jars only. */
    public ClassArchive(Path directory) {
        file = directory.resolve("classes.jsa");
        List<String> parts = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(part).toAbsolutePath();
            parts.add((Files.isDirectory(path) ? jar(path, directory.resolve("classes-" + parts.size() + ".jar")) : path).toString());
        }
        classPath = String.join(File.pathSeparator, parts);
    }

    private static Path jar(Path classes, Path jar) {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar));
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            out.setLevel(0);
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + jar + "'", e);
        }
    }

    /** Who uses the archive, or records it, needs this class path. */
    public String classPath() {
        return classPath;
    }

    /** Flags of a JVM that writes the archive when it ends by itself. */
    public List<String> recordingFlags() {
        List<String> flags = new ArrayList<>(QUIET);
        flags.add("-XX:ArchiveClassesAtExit=" + file);
        return flags;
    }

    /** Flags of a JVM that uses the archive; none if it was not recorded. */
    public List<String> flags() {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<String> flags = new ArrayList<>(QUIET);
        flags.add("-XX:SharedArchiveFile=" + file);
        return flags;
    }

    /** From now on the children of this JVM use it. */
    public void share() {
        SHARED.set(this);
    }

    /** That children use, or null. */
    static ClassArchive shared() {
        return SHARED.get();
    }
}
