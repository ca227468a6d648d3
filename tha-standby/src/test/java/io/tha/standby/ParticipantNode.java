package io.tha.standby;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * An active that takes part in one coordinated transaction, to die at a crash point. Arguments: domain directory, name of the application. Prints
 * {@code READY}, reads the id from its input, and prints {@code DONE}.
 */
final class ParticipantNode {
    private ParticipantNode() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        // The thread that scrubs passes crash points too.
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).scrubShare(0).build();
        ThaApplication application = ThaApplication.open(Path.of(args[0]), args[1], config);
        application.register(IntentNode.COUNTER);
        long counter = application.pool().allocate(IntentNode.COUNTER, "counter");
        application.begin().commit();
        System.out.println("READY");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Transaction part = application.join(Long.parseLong(input.readLine()))) {
            IntentNode.VALUE.add(application.pool(), counter, 1);
            part.done();
        }
        System.out.println("DONE");
        Thread.currentThread().join();
    }
}
