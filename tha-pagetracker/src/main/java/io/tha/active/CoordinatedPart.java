package io.tha.active;

import io.tha.Intent;
import io.tha.capture.UndecidedPart;
import io.tha.region.OpenTransaction;
import java.util.List;

/**
 * What this application has done for a coordinated transaction, and not acted on the decision of.
 *
 * @param id of the transaction
 * @param changes that are published
 * @param published where the log has them
 * @param acknowledged intents that its commit acknowledges
 * @param number of the part, counted up
 * @param doneNanos when the application was done
 */
record CoordinatedPart(
        long id, UndecidedPart changes, OpenTransaction published, List<Intent> acknowledged, long number, long doneNanos) {}
