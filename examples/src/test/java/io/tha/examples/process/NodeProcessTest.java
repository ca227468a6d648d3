package io.tha.examples.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeProcessTest {
    /** Says what it is told, and ends at END. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) throws IOException {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null && !line.equals("END"); line = input.readLine()) {
                System.out.println(line);
            }
        }
    }

    private static NodeProcess.Launch echo() {
        return new NodeProcess.Launch(Echo.class, List.of("-Xmx16m"), List.of());
    }

    @Test
    void eachLineIsForWhoeverWaitsForIt() throws InterruptedException {
        BlockingQueue<String> listened = new LinkedBlockingQueue<>();
        try (NodeProcess process = NodeProcess.start(echo(), line -> line.startsWith("L") && listened.add(line))) {
            process.say("A1");
            process.say("L1");
            process.say("B1");
            process.say("A2");

            assertEquals("B1", process.await("B"));
            assertEquals("A1", process.await("A"));
            assertEquals("A2", process.await("A"));
            assertEquals("L1", listened.poll(30, TimeUnit.SECONDS));
            assertEquals("A1\nB1\nA2", process.said());
        }
    }

    @Test
    void whatWasSaidBeforeAKillIsHeard() throws InterruptedException {
        try (NodeProcess process = NodeProcess.start(echo())) {
            process.say("A");
            process.say("B");
            process.await("B");
            process.kill();
            process.awaitKilled();

            assertEquals("A", process.await("A"));
            assertThrows(IllegalStateException.class, () -> process.await("A"));
            assertThrows(UncheckedIOException.class, () -> process.say("A"));
        }
    }

    @Test
    void anEndOfItsOwnIsNoKill() throws InterruptedException {
        try (NodeProcess process = NodeProcess.start(echo())) {
            process.say("A");
            process.say("END");
            IllegalStateException noLine = assertThrows(IllegalStateException.class, () -> process.await("B"));

            assertTrue(noLine.getMessage().endsWith("ended without B; it said:\nA"), noLine.getMessage());
            assertThrows(IllegalStateException.class, process::awaitKilled);
        }
    }
}
