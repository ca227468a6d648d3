package io.tha.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a child has printed: its standard output to be read line by line, and that together with its standard error to be shown.
 *
 * <p>Threads: one reader per stream adds, the test takes.
 */
final class Transcript {
    private static final String ERROR_MARK = "! ";

    private final List<String> lines = new ArrayList<>();
    private final List<String> all = new ArrayList<>();
    private int taken;
    private int openStreams;

    synchronized void follow(InputStream stream, boolean isError) {
        openStreams++;
        Thread reader = new Thread(() -> read(stream, isError), "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream, boolean isError) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line, isError);
            }
        } catch (IOException killed) {
            add("output ends: " + killed, true);
        } finally {
            end();
        }
    }

    private synchronized void add(String line, boolean isError) {
        all.add(isError ? ERROR_MARK + line : line);
        if (!isError) {
            lines.add(line);
        }
        notifyAll();
    }

    private synchronized void end() {
        openStreams--;
        notifyAll();
    }

    /** Takes the lines up to the first that begins with the prefix; null if the child's output ended or the deadline passed before. */
    synchronized String take(String prefix, long deadlineNanos) throws InterruptedException {
        while (true) {
            while (taken < lines.size()) {
                String line = lines.get(taken++);
                if (line.startsWith(prefix)) {
                    return line;
                }
            }
            long leftMillis = millisUntil(deadlineNanos);
            if (openStreams == 0 || leftMillis <= 0) {
                return null;
            }
            wait(leftMillis);
        }
    }

    /** Waits until the child's output has ended, or the deadline. */
    synchronized void awaitEnd(long deadlineNanos) throws InterruptedException {
        long leftMillis = millisUntil(deadlineNanos);
        while (openStreams > 0 && leftMillis > 0) {
            wait(leftMillis);
            leftMillis = millisUntil(deadlineNanos);
        }
    }

    private static long millisUntil(long deadlineNanos) {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public synchronized String toString() {
        return String.join(System.lineSeparator(), all);
    }
}
