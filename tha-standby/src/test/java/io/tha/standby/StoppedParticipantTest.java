package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A participant that stands still between two steps finds what others have done meanwhile, and does not break down. */
@Timeout(60)
class StoppedParticipantTest {
    private static String end(String meanwhile) {
        try (DomainDirectory directory = DomainDirectory.create();
                ForkedJvm node = ForkedJvm.of(StoppedParticipantNode.class)
                        .args(directory, meanwhile)
                        .property("tha.crashPoint", "OBSERVED")
                        .start()) {
            String end = node.awaitLine("END ");
            assertEquals(0, node.awaitExit());
            return end;
        }
    }

    @Test
    void anEarlierPartThatIsAbortedDuringARollBackIsRolledBackToo() {
        assertEquals("END ABORTED ABORTED 0", end("ABORT"));
    }

    @Test
    void whoeverFindsThatItsSuccessorHasCompletedItsPartIsFenced() {
        assertEquals("END FENCED", end("DONE"));
    }
}
