package io.tha.benchmarks;

import io.tha.active.ThaApplication;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.nio.file.Path;

/** An active in a process of its own: fills its pool, and when it is told to, commits until it is killed. */
final class ActiveProcess {
    private static final String GOING = "GOING";
    /** Objects of 1 KiB fill large pools in seconds; the standby's own memory for 24 million small ones would be the same story, only longer. */
    private static final int WORDS = 128;

    private static final double FILL = 0.9;
    private static final int TRANSACTION_LENGTH = 1_000;

    private ActiveProcess() {}

    /** Starts it and waits until its pool is full. */
    static ForkedJvm start(Path domain, long poolBytes) {
        return PeerProcess.start(ActiveProcess.class, domain, poolBytes);
    }

    /** It commits from now on; a standby that joined before can follow, one that joins a large pool now would be dropped again and again. */
    static void go(ForkedJvm active) {
        active.send("GO");
        active.awaitLine(GOING);
    }

    /** Arguments: domain directory, size of the pool in bytes. */
    public static void main(String[] args) throws IOException {
        ThaApplication application = ThaApplication.open(PeerProcess.domain(args), PeerProcess.NAME, PeerProcess.config(args));
        Layout block = Layout.named("block").int64Array("words", WORDS).build();
        LongField words = block.int64Field("words");
        application.register(Items.LAYOUT, block);
        long[] one = Items.create(application, 1);
        long end = (long) (application.pool().freeBytes() * (1 - FILL));
        while (application.pool().freeBytes() > end) {
            fill(application, block, words);
        }
        System.out.println(PeerProcess.READY);
        if (System.in.read() < 0) {
            return;
        }
        System.out.println(GOING);
        for (long value = 1; ; value++) {
            try (Transaction transaction = application.begin()) {
                Items.FIELDS[0].set(application.pool(), one[0], value);
                transaction.commit();
            }
        }
    }

    private static void fill(ThaApplication application, Layout block, LongField words) {
        try (Transaction transaction = application.begin()) {
            for (int i = 0; i < TRANSACTION_LENGTH && application.pool().freeBytes() > 0; i++) {
                long handle = application.pool().allocateDynamic(block);
                for (int word = 0; word < WORDS; word++) {
                    words.set(application.pool(), handle, word, handle + word);
                }
            }
            transaction.commit();
        }
    }
}
