package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An active that has published what its image does not have is scrubbed no more: its image would be taken for the truth, and copies be damaged. */
@Timeout(60)
class HalfCommittedTest {
    @Test
    void nothingIsRepairedFromAnImageThatIsBehind() {
        try (DomainDirectory directory = DomainDirectory.create();
                ForkedJvm node =
                        ForkedJvm.of(HalfCommittedNode.class).args(directory).property("tha.crashPoint", "OBSERVED").start()) {
            node.awaitLine("BROKEN");

            assertEquals("VALUE 2 0", node.awaitLine("VALUE "));
        }
    }
}
