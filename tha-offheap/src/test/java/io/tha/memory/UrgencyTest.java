package io.tha.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class UrgencyTest {
    private static final int POLICY = 40;
    private static final String FIFO = "1";

    /** Field of the calling thread's stat file, counted behind the name as proc(5) counts. */
    private static String policy() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[POLICY - 2];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String policyOfANewThread() throws InterruptedException {
        FutureTask<String> task = new FutureTask<>(UrgencyTest::policy);
        new Thread(task).start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anUrgentThreadBecomesWhatItWasAndItsThreadsAreNotUrgent() throws InterruptedException {
        long before = Urgency.begin();
        assumeTrue(before > 0, "neither real-time policies nor slices can be chosen here");
        String urgent = policy();
        String started = policyOfANewThread();
        Urgency.end(before);

        assertEquals("0", started);
        assertEquals("0", policy());
        long again = Urgency.begin();
        assertEquals(before, again, "the slice that was given back");
        assertEquals(urgent, policy());
        Urgency.end(again);
        assertEquals("0", policyOfANewThread());
    }

    @Test
    void whoIsUrgentStaysUrgent() {
        long before = Urgency.begin();
        assumeTrue(FIFO.equals(policy()), "no real-time policy for this process");

        assertEquals(0, Urgency.begin());
        Urgency.end(0);
        assertEquals(FIFO, policy());

        Urgency.end(before);
    }
}
