package io.tha.benchmarks;

import io.tha.standby.ThaStandby;
import java.nio.file.Path;

/** Standbys of several applications in one process. */
final class StandbysProcess {
    private StandbysProcess() {}

    /** Of an application, by its number. */
    static String name(int number) {
        return "bench" + number;
    }

    /** Arguments: domain directory, size of each pool in bytes, number of applications. */
    public static void main(String[] args) throws InterruptedException {
        Path domain = PeerProcess.domain(args);
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            ThaStandby standby = ThaStandby.open(domain, name(i), PeerProcess.config(args));
            standby.register(Items.LAYOUT);
            standby.awaitReady();
        }
        System.out.println(PeerProcess.READY);
        Thread.currentThread().join();
    }
}
