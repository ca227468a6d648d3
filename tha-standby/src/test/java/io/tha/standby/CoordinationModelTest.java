package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.Outcome;
import io.tha.active.ThaCoordinator;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Extent;
import io.tha.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random coordinated transactions of three applications, with their standbys: after each step each pool has what was written and not undone, and each
 * standby what is decided.
 */
@Timeout(600)
class CoordinationModelTest {
    private static final int HISTORIES = Extent.of(30);
    private static final int STEPS = 150;
    private static final int APPLICATIONS = 3;
    private static final int MOST_LIVE = 5;

    private final Random random = Seeds.random();

    /** A coordinated transaction, and how far each application is with it. */
    private static final class Live {
        final long id;
        final List<CoordinatedModel> unjoined;

        Live(long id, List<CoordinatedModel> participants) {
            this.id = id;
            unjoined = new ArrayList<>(participants);
        }
    }

    @Test
    void poolsAndStandbysAreAsTheModelSays() throws InterruptedException {
        int committed = 0;
        int aborted = 0;
        for (int history = 0; history < HISTORIES; history++) {
            try (DomainDirectory directory = DomainDirectory.create()) {
                List<CoordinatedModel> all = new ArrayList<>();
                for (int i = 0; i < APPLICATIONS; i++) {
                    all.add(new CoordinatedModel(directory.path(), "app" + i, random));
                }
                try (ThaCoordinator coordinator = ThaCoordinator.open(directory.path())) {
                    run(all, coordinator);
                } finally {
                    all.forEach(CoordinatedModel::close);
                }
                committed += all.stream().mapToInt(CoordinatedModel::committed).sum();
                aborted += all.stream().mapToInt(CoordinatedModel::aborted).sum();
            }
        }
        System.out.println("CoordinationModelTest: " + committed + " parts committed, " + aborted + " aborted");
        assertTrue(committed > HISTORIES && aborted > HISTORIES, "too few to say anything");
    }

    private void run(List<CoordinatedModel> all, ThaCoordinator coordinator) {
        List<Live> live = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            step(all, coordinator, live);
            all.forEach(CoordinatedModel::settle);
            all.forEach(CoordinatedModel::check);
        }
        for (Live left : live) {
            abort(coordinator, left);
        }
        all.forEach(CoordinatedModel::endOpen);
        all.forEach(CoordinatedModel::settle);
        all.forEach(CoordinatedModel::check);
        all.forEach(model -> assertEquals(0, model.undecided(), "all is decided"));
    }

    private void step(List<CoordinatedModel> all, ThaCoordinator coordinator, List<Live> live) {
        CoordinatedModel model = all.get(random.nextInt(all.size()));
        int choice = random.nextInt(30);
        if (choice < 5 && live.size() < MOST_LIVE) {
            live.add(begin(all, coordinator));
        } else if (choice < 6 && !live.isEmpty()) {
            abort(coordinator, live.remove(random.nextInt(live.size())));
        } else if (model.isOpen() && random.nextInt(4) > 0) {
            model.goOn();
        } else if (model.mayBegin(id -> isAborted(coordinator, id))) {
            begin(model, live);
        }
        live.removeIf(transaction -> transaction.unjoined.isEmpty());
    }

    private static void abort(ThaCoordinator coordinator, Live transaction) {
        try {
            coordinator.abort(transaction.id);
        } catch (IllegalArgumentException e) {
            // It is aborted, and all have acted on that.
        }
    }

    private Live begin(List<CoordinatedModel> all, ThaCoordinator coordinator) {
        List<CoordinatedModel> participants = new ArrayList<>(all);
        if (random.nextBoolean()) {
            participants.remove(random.nextInt(participants.size()));
        }
        String[] names = participants.stream().map(CoordinatedModel::name).toArray(String[]::new);
        return new Live(coordinator.begin(names), participants);
    }

    private void begin(CoordinatedModel model, List<Live> live) {
        Live transaction = live.isEmpty() || random.nextInt(5) == 0 ? null : live.get(random.nextInt(live.size()));
        if (transaction == null) {
            model.begin();
        } else if (transaction.unjoined.remove(model)) {
            model.join(transaction.id);
        }
    }

    private static boolean isAborted(ThaCoordinator coordinator, long id) {
        try {
            return coordinator.outcome(id) == Outcome.ABORTED;
        } catch (IllegalArgumentException e) {
            return false; // It is committed: the model has it still, so it has not acted on an abort.
        }
    }

    @Test
    void whatIsDecidedByTheLeaseIsUndoneEverywhere() throws InterruptedException {
        try (DomainDirectory directory = DomainDirectory.create();
                ThaCoordinator coordinator = ThaCoordinator.open(directory.path());
                CoordinatedModel one = new CoordinatedModel(directory.path(), "one", random, Duration.ofMillis(100));
                CoordinatedModel other = new CoordinatedModel(directory.path(), "other", random, Duration.ofMillis(100))) {
            long id = coordinator.begin("one", "other");
            one.join(id);
            one.done();

            assertEquals(Outcome.ABORTED, one.application().awaitDecision(id, Duration.ofSeconds(60)));

            one.settle();
            one.check();
            other.check();
        }
    }
}
