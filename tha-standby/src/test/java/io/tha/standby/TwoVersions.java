package io.tha.standby;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.layout.Layout;
import io.tha.testkit.DomainDirectory;
import io.tha.transform.Conversions;
import org.junit.jupiter.api.AfterEach;

/** An active and standbys of other versions, in one process. */
abstract class TwoVersions {
    static final ThaConfig CONFIG = ThaConfig.builder().poolBytes(4 << 20).ringBytes(1 << 20).build();

    final DomainDirectory directory = DomainDirectory.create();

    @AfterEach
    void remove() {
        directory.close();
    }

    ThaApplication open(Layout... layouts) {
        ThaApplication active = ThaApplication.open(directory.path(), "app", CONFIG);
        active.register(layouts);
        return active;
    }

    ThaStandby standby(Layout layout, Conversions conversions) {
        ThaStandby standby = ThaStandby.open(directory.path(), "app", CONFIG);
        standby.register(layout, conversions);
        return standby;
    }

    static void commit(ThaApplication active) {
        try (Transaction transaction = active.begin()) {
            transaction.commit();
        }
    }

    static void awaitFollowed(ThaApplication active) {
        while (!active.isFollowed()) {
            Thread.onSpinWait();
        }
    }
}
