package io.tha.torture;

import io.tha.torture.NodeProcess.Line;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes that a node loads, in an archive that JVMs map: so nodes start in half the time, and more of them can be killed. Made by a small run
 * that is not judged; where that fails, nodes start without it.
 *
 * <p>Threads: one.
 */
final class ClassArchive {
    private static final long PATIENCE_SECONDS = 60;
    private static final int SERVED_MILLIS = 300;

    private final Path directory;
    private final String classPath;
    private List<String> flags = List.of();

    /** Makes the archive in a directory that is the caller's. */
    ClassArchive(Path directory) {
        this.directory = directory;
        List<String> parts = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(part).toAbsolutePath();
            // An archive is of jars only.
            parts.add((Files.isDirectory(path) ? jar(path, directory.resolve("classes-" + parts.size() + ".jar")) : path).toString());
        }
        classPath = String.join(File.pathSeparator, parts);
    }

    String classPath() {
        return classPath;
    }

    /** Of the JVM, to use it. */
    List<String> flags() {
        return flags;
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

    /** Lets a node join, take over and serve, and keeps the classes that it has loaded. */
    void record() {
        Path archive = directory.resolve("classes.jsa");
        LinkedBlockingQueue<Line> lines = new LinkedBlockingQueue<>();
        NodeProcess active = start(0, List.of(), lines);
        NodeProcess standby = start(1, List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"), lines);
        try {
            active.tell("OPEN");
            await(lines, active, "SERVING 1");
            standby.tell("JOIN");
            await(lines, standby, "READY");
            active.signal(NodeProcess.SIGKILL);
            await(lines, standby, "SERVING 2");
            TimeUnit.MILLISECONDS.sleep(SERVED_MILLIS);
            standby.leave();
            await(lines, standby, NodeProcess.END);
            flags = Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off") : List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            active.destroy();
            standby.destroy();
        }
    }

    private NodeProcess start(int number, List<String> properties, LinkedBlockingQueue<Line> lines) {
        List<String> arguments =
                List.of(directory.resolve("recorded").toString(), directory.toString(), Integer.toString(number), "0", "1000,0,false,false");
        return NodeProcess.start(number, new NodeProcess.Launch(classPath, properties, arguments, ""), lines);
    }

    private static void await(LinkedBlockingQueue<Line> lines, NodeProcess node, String text) throws InterruptedException {
        for (Line line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS); line != null; line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            if (line.node() == node && (line.text().equals(text) || line.text().equals(NodeProcess.END))) {
                return;
            }
        }
    }
}
