package io.tha.standby;

import io.tha.active.StandbyMode;
import io.tha.active.ThaConfig;
import java.nio.file.Path;

/** A standby that maps the active's image, to die at a crash point of its takeover. Arguments: domain directory, name of the application. */
final class SuccessorNode {
    private SuccessorNode() {}

    public static void main(String[] args) throws InterruptedException {
        ThaConfig config = ThaConfig.builder().poolBytes(1 << 20).ringBytes(1 << 20).standbyMode(StandbyMode.MAPPING).build();
        ThaStandby standby = ThaStandby.open(Path.of(args[0]), args[1], config);
        standby.register(IntentNode.COUNTER);
        standby.awaitTakeover();
        Thread.currentThread().join();
    }
}
