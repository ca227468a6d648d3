package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import io.tha.testkit.Sampled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An active whose publication failed behind the point of no return decides nothing any more and takes nothing back, and is scrubbed no more: its
 * image would be taken for the truth, and copies be damaged.
 */
@Timeout(60)
@Sampled
class HalfCommittedTest {
    @ParameterizedTest
    @ValueSource(classes = {InternalError.class, OutOfMemoryError.class, IllegalStateException.class})
    void aCommitThatFailedBehindItsPublicationIsNotTakenBack(Class<? extends Throwable> error) {
        assertEquals("VALUE 2 2 0", breakDown("COMMIT", error));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLUSH", "INTENT"})
    void whatWasPublishedIsNotDecidedAnyMore(String what) {
        assertEquals("VALUE 2 1 0", breakDown(what, OutOfMemoryError.class));
    }

    @Test
    void anAbortThatWasPublishedStands() {
        assertEquals("VALUE 1 1 0", breakDown("ABORT", OutOfMemoryError.class));
    }

    private static String breakDown(String what, Class<? extends Throwable> error) {
        try (DomainDirectory directory = DomainDirectory.create();
                ForkedJvm node = ForkedJvm.of(HalfCommittedNode.class)
                        .args(directory, what, error.getName())
                        .property("tha.crashPoint", "OBSERVED")
                        .start()) {
            node.awaitLine("BROKEN");
            return node.awaitLine("VALUE ");
        }
    }
}
