package io.tha.torture;

import io.tha.testkit.ClassArchive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A small run that is not judged, and leaves an archive of the classes that a node loads: nodes start in half the time with it, and more of them can
 * be killed. Where that fails, nodes start without it.
 *
 * <p>Threads: one.
 */
public final class Recording {
    private static final long PATIENCE_SECONDS = 60;
    private static final int SERVED_MILLIS = 300;

    private final Kind kind;
    private final ClassArchive archive;

    /**
     * What is recorded.
     *
     * @param main class of a node
     * @param arguments of the nodes, but for the number, which comes behind them
     * @param open what the first one is told
     * @param join what the second one is told
     */
    public record Kind(Class<?> main, List<String> arguments, String open, String join) {}

    /** Into a directory that is the caller's. */
    public Recording(Path directory, Kind kind) {
        this.kind = kind;
        archive = new ClassArchive(directory);
    }

    /** Lets a node join, take over and serve, and keeps the classes that it has loaded. */
    public ClassArchive record() {
        LinkedBlockingQueue<String> activeSays = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<String> standbySays = new LinkedBlockingQueue<>();
        JvmProcess active = start(0, List.of(), activeSays);
        JvmProcess standby = start(1, archive.recordingFlags(), standbySays);
        try {
            active.tell(kind.open());
            await(activeSays, "SERVING");
            standby.tell(kind.join());
            await(standbySays, "READY");
            active.signal(JvmProcess.SIGKILL);
            await(standbySays, "SERVING");
            TimeUnit.MILLISECONDS.sleep(SERVED_MILLIS);
            standby.leave();
            await(standbySays, JvmProcess.END);
            return archive;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            active.destroy();
            standby.destroy();
        }
    }

    private JvmProcess start(int number, List<String> flags, LinkedBlockingQueue<String> says) {
        List<String> arguments = new ArrayList<>(kind.arguments());
        arguments.add(Integer.toString(number));
        JvmProcess node = new JvmProcess("recorded-" + number, new JvmProcess.Launch(kind.main(), archive.classPath(), flags, arguments, ""));
        node.follow(says::add);
        return node;
    }

    private static void await(LinkedBlockingQueue<String> says, String word) throws InterruptedException {
        String line = says.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (line != null && !line.startsWith(word) && !line.equals(JvmProcess.END)) {
            line = says.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
