package io.tha.torture.coordinated;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Draws what happens next, and does it.
 *
 * <p>Threads: one.
 */
final class CoordinatedEvents {
    private static final int PERCENT = 100;
    private static final int MOST_PAUSE_MILLIS = 300;
    /** Some parts are complete by then, and the active has not seen that. */
    private static final int MOST_BRIEF_STOP_MILLIS = 40;
    private static final int LEASE_MILLIS = (int) CoordinatedNode.LEASE.toMillis();
    private static final int MOST_TAKEOVER_MICROS = 3_000;

    private final CoordinatedCluster cluster;
    private final JointReads reads;
    private final SplittableRandom random;
    private long dueNanos = System.nanoTime();

    CoordinatedEvents(CoordinatedCluster cluster, JointReads reads, long seed) {
        this.cluster = cluster;
        this.reads = reads;
        random = new SplittableRandom(seed);
    }

    /** Lets the next one happen when its time has come. */
    void next() {
        List<Integer> ready = ready();
        if (System.nanoTime() - dueNanos < 0 || ready.isEmpty()) {
            return;
        }
        happen(random.nextInt(PERCENT), ready);
        dueNanos = System.nanoTime() + millis(random.nextInt(MOST_PAUSE_MILLIS));
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Applications with an active and a standby that run. */
    private List<Integer> ready() {
        List<Integer> ready = new ArrayList<>();
        for (int application = 0; application < cluster.applications(); application++) {
            Member active = cluster.active(application);
            if (active != null && !active.isStopped() && !cluster.standbys(application).isEmpty()) {
                ready.add(application);
            }
        }
        return ready;
    }

    private void happen(int drawn, List<Integer> ready) {
        int application = some(ready);
        Member active = cluster.active(application);
        if (drawn < 30) {
            kill(active);
        } else if (drawn < 48) {
            cluster.kill(some(cluster.standbys(application)));
        } else if (drawn < 60) {
            ready.stream().filter(each -> random.nextInt(2) == 0).forEach(this::killOneOf);
        } else if (drawn < 70) {
            killTheActiveAndWhoTakesOver(application);
        } else if (drawn < 80) {
            readASuccessorAtItsFirstMoment(application);
        } else if (drawn < 90) {
            cluster.stop(active, millis(LEASE_MILLIS + random.nextInt(2 * LEASE_MILLIS)));
        } else if (drawn < 97) {
            cluster.stop(some(cluster.standbys(application)), millis(1 + random.nextInt(LEASE_MILLIS)));
        } else {
            // Those that join must do with what the dead have left.
            cluster.members().stream().filter(member -> member.application == application).forEach(cluster::kill);
        }
    }

    private <T> T some(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** At once, or after it has stood still for a moment. */
    private void kill(Member active) {
        if (random.nextInt(2) == 0) {
            stopBriefly(active);
        }
        cluster.kill(active);
    }

    private void stopBriefly(Member active) {
        cluster.stop(active, millis(LEASE_MILLIS));
        cluster.goOn(millis(random.nextInt(MOST_BRIEF_STOP_MILLIS)));
    }

    private void killOneOf(int application) {
        cluster.kill(random.nextInt(3) > 0 ? cluster.active(application) : some(cluster.standbys(application)));
    }

    /** While it takes over, or right after that; before that, the second standby is read at its first moment, with others that were held before. */
    private void killTheActiveAndWhoTakesOver(int application) {
        cluster.want(application, 2);
        reads.readWithLater(standbysOfOthers(application), () -> awaitSecondStandby(application));
        awaitSecondStandby(application);
        List<Member> standbys = cluster.standbys(application);
        cluster.want(application, 1);
        Member active = cluster.active(application);
        kill(active);
        if (random.nextInt(2) == 0) {
            cluster.await("application " + application + " has another active", () -> another(application, active) != null);
        }
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(MOST_TAKEOVER_MICROS)));
        Member next = another(application, active);
        cluster.kill(next == null ? some(standbys) : next);
    }

    /** The active, when it is another one than that; null before. */
    private Member another(int application, Member last) {
        Member active = cluster.active(application);
        return active == last ? null : active;
    }

    /** The latest one. */
    private Member awaitSecondStandby(int application) {
        cluster.await("application " + application + " has two standbys", () -> cluster.active(application) != null
                && cluster.standbys(application).size() >= 2);
        return latest(cluster.standbys(application));
    }

    private static Member latest(List<Member> members) {
        return members.get(members.size() - 1);
    }

    private List<Member> standbysOfOthers(int application) {
        List<Member> others = new ArrayList<>();
        for (int other = 0; other < cluster.applications(); other++) {
            if (other != application && !cluster.standbys(other).isEmpty()) {
                others.add(some(cluster.standbys(other)));
            }
        }
        return others;
    }

    /**
     * What the successor has decided at its takeover, and has not done anything since: together with standbys of others that were held before that.
     * It is not read when somebody dies meanwhile.
     */
    private void readASuccessorAtItsFirstMoment(int application) {
        Member active = cluster.active(application);
        cluster.calm(application, true);
        reads.readWithLater(standbysOfOthers(application), () -> {
            stopBriefly(active);
            cluster.kill(active);
            cluster.await("application " + application + " has another active and a standby", () -> standbyOfAnother(application, active) != null);
            return standbyOfAnother(application, active);
        });
        cluster.calm(application, false);
    }

    /** The latest standby, when there is another active than that one; null before. */
    private Member standbyOfAnother(int application, Member last) {
        List<Member> standbys = cluster.standbys(application);
        return another(application, last) == null || standbys.isEmpty() ? null : latest(standbys);
    }
}
