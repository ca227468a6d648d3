package io.tha.torture.coordinated;

import io.tha.torture.JvmProcess;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A {@link CoordinatedNode} in a process of its own, and what the run knows of it.
 *
 * <p>Threads: the run's writes the fields; any reads and asks.
 */
final class Member extends JvmProcess {
    /** An answer without it was cut off when the process was killed. */
    static final String ANSWER_END = " .";

    private static final String ANSWER = "ANSWER ";
    private static final long LOOK_MILLIS = 20;

    final int number;
    volatile Role role = Role.STARTING;
    /** -1 before it was told. */
    volatile int application = -1;
    /** Of its last takeover. */
    volatile long epoch;
    /** The number of the last pause in which it rested. */
    volatile long quiet;
    /** Whether it is held from its first moment as a standby on. */
    volatile boolean firstHold;
    /** When it is to be resumed; 0 when it was not stopped. */
    volatile long resumeNanos;
    /** What it was told last as the active. */
    String order = "";

    private final AtomicLong questions = new AtomicLong();
    private final Map<String, CompletableFuture<String>> asked = new ConcurrentHashMap<>();

    /** What it does. */
    enum Role {
        STARTING,
        SPARE,
        JOINING,
        STANDBY,
        ACTIVE
    }

    /** Something that a member has said, but for answers. */
    record Line(Member member, String text) {}

    private volatile boolean gone;

    private Member(int number, Launch launch) {
        super("node-" + number, launch);
        this.number = number;
    }

    /** Starts one; what it says comes into the queue. */
    static Member start(int number, Launch launch, Queue<Line> lines) {
        Member member = new Member(number, launch);
        member.follow(line -> member.said(line, lines));
        return member;
    }

    private void said(String line, Queue<Line> lines) {
        if (line.startsWith(ANSWER)) {
            if (!line.endsWith(ANSWER_END)) {
                return;
            }
            String[] words = line.substring(0, line.length() - ANSWER_END.length()).split(" ", 4);
            CompletableFuture<String> question = asked.remove(words[1]);
            if (question == null) {
                return; // Who asked waits no more.
            }
            if (words[2].equals("OK")) {
                question.complete(words.length > 3 ? words[3] : "");
            } else {
                question.completeExceptionally(new UnansweredException(this + ": " + line));
            }
            return;
        }
        lines.add(new Line(this, line));
        if (line.equals(END)) {
            gone = true;
            asked.values().forEach(question -> question.completeExceptionally(new UnansweredException(this + " has ended")));
        }
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws UnansweredException if it cannot answer now, is gone, or does not answer in time
     */
    String ask(String question, long millis) {
        String id = Long.toString(questions.incrementAndGet());
        CompletableFuture<String> answer = new CompletableFuture<>();
        asked.put(id, answer);
        if (gone) {
            answer.completeExceptionally(new UnansweredException(this + " has ended"));
        }
        tell("ASK " + id + " " + question);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (true) {
                try {
                    return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    requireAnswerable(question, end);
                }
            }
        } catch (ExecutionException e) {
            throw new UnansweredException(e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnansweredException("interrupted");
        } finally {
            asked.remove(id);
        }
    }

    private void requireAnswerable(String question, long end) {
        if (isStopped() || System.nanoTime() - end >= 0) {
            throw new UnansweredException(this + " does not answer: " + question);
        }
    }

    boolean isStopped() {
        return resumeNanos != 0;
    }

    /** Whether it follows, and runs. */
    boolean isReadyStandby() {
        return role == Role.STANDBY && !isStopped();
    }

    @Override
    public String toString() {
        return name() + " (pid " + pid() + ", application " + application + ", " + role + (isStopped() ? ", stopped" : "")
                + (crashPoint().isEmpty() ? "" : ", crash point " + crashPoint()) + ")";
    }
}
