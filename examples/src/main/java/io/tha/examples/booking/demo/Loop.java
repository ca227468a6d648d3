package io.tha.examples.booking.demo;

import java.util.concurrent.locks.LockSupport;

/** Does something again and again, in a thread of its own, until it is closed or fails. */
final class Loop implements AutoCloseable {
    private final Runnable body;
    private final long pauseNanos;
    private final Thread thread;
    private volatile boolean over;
    private volatile RuntimeException failure;

    private Loop(String name, long pauseNanos, Runnable body) {
        this.body = body;
        this.pauseNanos = pauseNanos;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts it. */
    static Loop start(String name, long pauseNanos, Runnable body) {
        Loop loop = new Loop(name, pauseNanos, body);
        loop.thread.start();
        return loop;
    }

    private void run() {
        while (!over) {
            try {
                body.run();
            } catch (RuntimeException e) {
                failure = e;
                return;
            }
            LockSupport.parkNanos(pauseNanos);
        }
    }

    /** Throws what it has failed with, if it has. */
    void check() {
        if (failure != null) {
            throw new IllegalStateException(thread.getName() + ": " + failure.getMessage(), failure);
        }
    }

    /** Waits until it is through for the last time; throws what it has failed with. */
    void end() throws InterruptedException {
        close();
        thread.join();
        check();
    }

    /** It will not begin again. */
    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
    }
}
