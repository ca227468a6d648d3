package io.tha.torture;

import io.tha.testkit.ClassArchive;
import io.tha.torture.NodeProcess.Line;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A small run that is not judged, and leaves an archive of the classes that a node loads: nodes start in half the time with it, and more of them can
 * be killed. Where that fails, nodes start without it.
 *
 * <p>Threads: one.
 */
final class Recording {
    private static final long PATIENCE_SECONDS = 60;
    private static final int SERVED_MILLIS = 300;

    private final Path directory;
    private final ClassArchive archive;

    /** In a directory that is the caller's. */
    Recording(Path directory) {
        this.directory = directory;
        archive = new ClassArchive(directory);
    }

    /** Lets a node join, take over and serve, and keeps the classes that it has loaded. */
    ClassArchive record() {
        LinkedBlockingQueue<Line> lines = new LinkedBlockingQueue<>();
        NodeProcess active = start(0, List.of(), lines);
        NodeProcess standby = start(1, archive.recordingFlags(), lines);
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
            return archive;
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
        return NodeProcess.start(number, new NodeProcess.Launch(archive.classPath(), properties, arguments, ""), lines);
    }

    private static void await(LinkedBlockingQueue<Line> lines, NodeProcess node, String text) throws InterruptedException {
        for (Line line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS); line != null; line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            if (line.node() == node && (line.text().equals(text) || line.text().equals(NodeProcess.END))) {
                return;
            }
        }
    }
}
