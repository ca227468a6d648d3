package io.tha.torture.coordinated;

import io.tha.Outcome;
import io.tha.TransactionAbortedException;
import io.tha.active.ThaApplication;
import io.tha.active.ThaCoordinator;
import io.tha.active.Transaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The service while this process is the active. It begins transactions of any of the applications, tells each participant by its {@link Inbox} what
 * to add, and does its part of those that it is told of. Until the first order it does nothing. GO serving: it does both, with those applications of
 * which a bit is set; PAUSE number: only its parts, says QUIET number when nothing of it is undecided, and answers LOOK from.
 *
 * <p>Threads: one serves; any order and ask.
 */
final class Participant {
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long ANSWER_SECONDS = 5;
    private static final int MOST_UNDECIDED = 6;
    private static final int AMOUNT = 1 << 20;

    private final ThaApplication application;
    private final ThaCoordinator coordinator;
    private final Place place;
    private final SplittableRandom random;
    private final List<Inbox> outboxes = new ArrayList<>();
    private final Inbox inbox;
    private final Inbox told;
    private final Set<Long> undecided = ConcurrentHashMap.newKeySet();
    private volatile String order = "";
    private volatile Question question;
    private String quiet = "";

    /** Which application it is, and where those are that it is one of. */
    record Place(Path inboxes, int number, int applications) {}

    /** What was asked, to be answered by who serves. */
    private record Question(long from, CompletableFuture<String> answer) {}

    Participant(ThaApplication application, ThaCoordinator coordinator, Place place, long seed) {
        this.application = application;
        this.coordinator = coordinator;
        this.place = place;
        random = new SplittableRandom(seed);
        for (int i = 0; i < place.applications; i++) {
            outboxes.add(new Inbox(CoordinatedNode.inbox(place.inboxes, i)));
        }
        inbox = new Inbox(CoordinatedNode.inbox(place.inboxes, place.number));
        told = new Inbox(CoordinatedNode.told(place.inboxes, place.number));
    }

    void order(String line) {
        order = line;
    }

    /** Until another process serves. */
    void run() {
        application.onDecision(this::decided);
        inbox.skip();
        CoordinatedNode.say("SERVING " + application.epoch());
        try {
            while (application.isActive()) {
                work(order);
            }
        } finally {
            outboxes.forEach(Inbox::close);
            inbox.close();
        }
    }

    private void decided(long id, Outcome outcome) {
        told.add(new Inbox.Entry(id, outcome == Outcome.COMMITTED ? 1 : 0, 0));
        undecided.remove(id);
    }

    private void aborted(long id) {
        decided(id, Outcome.ABORTED);
    }

    private void work(String now) {
        Inbox.Entry entry = now.isEmpty() ? null : inbox.next();
        if (entry != null) {
            take(entry);
        } else {
            if (now.startsWith("GO ")) {
                begin(Long.parseLong(now.substring("GO ".length())));
            } else if (!now.isEmpty() && undecided.isEmpty()) {
                rest(now);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void rest(String now) {
        if (!quiet.equals(now)) {
            quiet = now;
            CoordinatedNode.say("QUIET " + now.substring("PAUSE ".length()));
        }
        Question asked = question;
        if (asked != null) {
            question = null;
            asked.answer.complete(Rows.text(application.pool(), asked.from));
        }
    }

    /** Throws IllegalStateException if it cannot be answered now. */
    String answer(String[] words) throws InterruptedException {
        if (!words[0].equals("LOOK")) {
            throw new IllegalStateException("it serves, and is no standby");
        }
        Question asked = new Question(Long.parseLong(words[1]), new CompletableFuture<>());
        question = asked;
        try {
            return asked.answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("it does not rest", e);
        }
    }

    private void begin(long serving) {
        if (undecided.size() >= MOST_UNDECIDED) {
            return;
        }
        List<Integer> participants = new ArrayList<>();
        long bits = 0;
        for (int i = 0; i < place.applications; i++) {
            if ((serving & 1L << i) != 0 && random.nextInt(4) > 0) {
                participants.add(i);
                bits |= 1L << i;
            }
        }
        if (participants.size() < 2) {
            return;
        }
        String[] names = participants.stream().map(CoordinatedNode::name).toArray(String[]::new);
        long id = random.nextInt(8) == 0 ? coordinator.beginCounted(names.length, names) : coordinator.begin(names);
        long sum = 0;
        for (int participant : participants) {
            long amount = participant == participants.get(participants.size() - 1) ? -sum : random.nextInt(AMOUNT);
            sum += amount;
            outboxes.get(participant).add(new Inbox.Entry(id, amount, bits));
        }
        if (random.nextInt(16) == 0) {
            abort(id);
        }
    }

    private void abort(long id) {
        try {
            coordinator.abort(id);
        } catch (IllegalArgumentException e) {
            // It is decided, and all have acted on that.
        }
    }

    private void take(Inbox.Entry entry) {
        try (Transaction part = application.join(entry.id())) {
            Rows.add(application.pool(), entry);
            if (random.nextInt(32) == 0) {
                return; // Gives it up.
            }
            if (random.nextInt(16) == 0) {
                part.flush();
            }
            undecided.add(entry.id());
            if (part.done() == Outcome.ABORTED) {
                aborted(entry.id());
            }
        } catch (TransactionAbortedException e) {
            aborted(entry.id());
        } catch (IllegalArgumentException e) {
            // It is aborted, and forgotten.
            undecided.remove(entry.id());
        }
        if (random.nextInt(200) == 0) {
            commitAlone();
        }
    }

    /** Waits for all that it is built on. */
    private void commitAlone() {
        Transaction transaction = application.begin();
        try (transaction) {
            Rows.add(application.pool(), new Inbox.Entry(transaction.id(), 0, 1L << place.number));
            transaction.commit();
        } catch (TransactionAbortedException e) {
            aborted(transaction.id());
        }
    }
}
