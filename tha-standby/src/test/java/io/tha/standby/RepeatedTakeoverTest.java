package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.Outcome;
import io.tha.active.StandbyMode;
import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import io.tha.pool.ThaPool;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who takes over by mapping dies when it has put a part into the image, which only the decision table commits: the next one puts it there again. */
@Timeout(120)
class RepeatedTakeoverTest {
    private static final int KILLED = 128 + 9;

    private static ThaConfig config() {
        return ThaConfig.builder()
                .poolBytes(1 << 20)
                .ringBytes(1 << 20)
                .lease(Duration.ZERO)
                .standbyMode(StandbyMode.MAPPING)
                .build();
    }

    private static ThaApplication serving(DomainDirectory directory, String name) {
        ThaApplication application = ThaApplication.open(directory.path(), name, config());
        application.register(IntentNode.COUNTER);
        application.pool().allocate(IntentNode.COUNTER, "old");
        application.begin().commit();
        return application;
    }

    @Test
    void whatThePartHasCreatedAndDeletedIsThereAlready() throws InterruptedException {
        try (DomainDirectory directory = DomainDirectory.create();
                ThaCoordinator coordinator = ThaCoordinator.open(directory.path());
                ThaApplication other = serving(directory, "other")) {
            ThaApplication dying = serving(directory, "app");
            long id = coordinator.begin("app", "other");
            try (Transaction part = dying.join(id)) {
                ThaPool pool = dying.pool();
                pool.delete(pool.find("old"));
                IntentNode.VALUE.set(pool, pool.allocate(IntentNode.COUNTER, "new"), 7);
                part.done();
            }
            dying.close();
            try (Transaction part = other.join(id)) {
                part.done();
            }
            try (ForkedJvm node = ForkedJvm.of(SuccessorNode.class)
                    .args(directory.path(), "app")
                    .property("tha.crashPoint", "AFTER_PART_COMMITTED")
                    .start()) {
                assertEquals(KILLED, node.awaitExit(), "exit code");
            }
            try (ThaStandby next = ThaStandby.open(directory.path(), "app", config())) {
                next.register(IntentNode.COUNTER);
                try (ThaApplication serving = next.awaitTakeover().application()) {
                    assertEquals(Outcome.COMMITTED, serving.outcome(id));
                    assertEquals(7, IntentNode.VALUE.get(serving.pool(), serving.pool().find("new")));
                    assertEquals(0, serving.pool().find("old"));
                }
            }
        }
    }
}
