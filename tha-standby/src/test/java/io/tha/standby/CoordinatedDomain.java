package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.StandbyMode;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.ForkedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Applications with {@link CoordinatedNode}s, each an active and a standby, and what must be true of them. */
final class CoordinatedDomain implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String[] LEAN = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "-XX:-UsePerfData"};

    private final Random random;
    private final StandbyMode mode;
    private final DomainDirectory domain = DomainDirectory.create();
    private final DomainDirectory inboxes = DomainDirectory.create();
    private final List<ForkedJvm> all = new ArrayList<>();
    private final ForkedJvm[] actives;
    private final ForkedJvm[] standbys;
    /** The first pause is before the first transaction. */
    private int looks = 1;

    CoordinatedDomain(int applications, Random random, StandbyMode mode) {
        actives = new ForkedJvm[applications];
        standbys = new ForkedJvm[applications];
        this.random = random;
        this.mode = mode;
    }

    /** Starts all; nothing is begun before {@link #go}. The first application's active and standby die at their crash points. */
    void start(String activeDiesAt, String standbyDiesAt) {
        for (int i = 0; i < actives.length; i++) {
            actives[i] = start(i, "active", i == 0 ? activeDiesAt : "");
            actives[i].awaitLine("SERVING ");
            standbys[i] = start(i, "standby", i == 0 ? standbyDiesAt : "");
        }
        for (ForkedJvm standby : standbys) {
            standby.awaitLine("READY");
        }
    }

    void go() {
        sendAll("GO");
    }

    private ForkedJvm start(int application, String role, String crashPoint) {
        ForkedJvm node = ForkedJvm.of(CoordinatedNode.class)
                .args(domain, inboxes, application, actives.length, role, random.nextLong())
                .jvmArgs(LEAN)
                .property("tha.crashPoint", crashPoint)
                .property(LedgerNode.MODE_PROPERTY, mode)
                .deadline(DEADLINE)
                .start();
        all.add(node);
        return node;
    }

    ForkedJvm active(int application) {
        return actives[application];
    }

    ForkedJvm standby(int application) {
        return standbys[application];
    }

    void startStandby(int application) {
        standbys[application] = start(application, "standby", "");
    }

    /** A further standby of an application; {@link #promoteEither} says what becomes of it. */
    ForkedJvm startAnother(int application) {
        ForkedJvm another = start(application, "standby", "");
        another.awaitLine("READY");
        return another;
    }

    /** The active is dead: its standby serves, or the other one, and the one that does not is the standby. */
    void promoteEither(int application, ForkedJvm another) {
        ForkedJvm first = standbys[application];
        LedgerDomain.await("one serves", () -> serves(first) || serves(another));
        if (serves(another)) {
            standbys[application] = another;
        }
        promote(application);
        standbys[application] = serves(another) ? first : another;
    }

    private static boolean serves(ForkedJvm node) {
        return node.lines().stream().anyMatch(line -> line.startsWith("SERVING "));
    }

    void awaitReady(int application) {
        standbys[application].awaitLine("READY");
    }

    /** The active is dead: its standby serves. */
    void promote(int application) {
        standbys[application].awaitLine("SERVING ");
        actives[application] = standbys[application];
        actives[application].send("GO");
    }

    void killAllActives() {
        for (ForkedJvm active : actives) {
            active.kill();
        }
        for (int i = 0; i < actives.length; i++) {
            promote(i);
        }
    }

    /**
     * Lets everything be decided, and compares: what one application has of a transaction, all its participants have, and what one was told to be
     * committed, it has.
     *
     * @return how many transactions there are
     */
    int look() {
        looks++;
        sendAll("PAUSE " + looks);
        for (ForkedJvm active : actives) {
            active.awaitLine("QUIET " + looks);
        }
        Map<Long, Long> sums = new HashMap<>();
        for (int i = 0; i < actives.length; i++) {
            Path file = inboxes.resolve("state-" + i + "-" + looks);
            actives[i].send("TELL " + file);
            actives[i].awaitLine("TOLD " + looks);
            Map<Long, Long> has = amounts(file);
            has.forEach((id, amount) -> sums.merge(id, amount, Long::sum));
            for (long told : amounts(inboxes.resolve("told-" + i)).keySet()) {
                assertTrue(has.containsKey(told), () -> "transaction " + told + " was told to be committed, and is lost");
            }
        }
        sums.forEach((id, sum) -> assertEquals(0, sum, () -> "transaction " + id + " is half there"));
        sendAll("GO");
        return sums.size();
    }

    /** Until more transactions are committed than there were: everybody takes part in new ones. */
    void awaitMore(int transactions) {
        int now = look();
        while (now <= transactions) {
            now = look();
        }
    }

    private void sendAll(String line) {
        for (ForkedJvm active : actives) {
            active.send(line);
        }
    }

    private static Map<Long, Long> amounts(Path file) {
        Map<Long, Long> amounts = new HashMap<>();
        try (Inbox inbox = new Inbox(file)) {
            for (Inbox.Entry entry : inbox.all()) {
                amounts.merge(entry.id(), entry.amount(), (one, other) -> {
                    throw new AssertionError("transaction " + entry.id() + " is there twice");
                });
            }
        }
        return amounts;
    }

    @Override
    public void close() {
        all.forEach(ForkedJvm::close);
        domain.close();
        inboxes.close();
    }
}
