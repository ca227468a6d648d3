package io.tha.torture.coordinated;

import io.tha.active.StandbyMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Pauses, in which nothing is begun and everything is decided: then the actives are compared with each other and with all that was ever seen, each
 * standby with its active, and both with what the applications were told of decisions.
 *
 * <p>Threads: one.
 */
final class Rest implements AutoCloseable {
    private static final long ANSWER_MILLIS = 10_000;

    private final CoordinatedCluster cluster;
    private final Verdicts verdicts;
    private final List<Inbox> told = new ArrayList<>();
    private int pauses;

    Rest(CoordinatedCluster cluster, Verdicts verdicts) {
        this.cluster = cluster;
        this.verdicts = verdicts;
        for (int application = 0; application < cluster.applications(); application++) {
            told.add(new Inbox(CoordinatedNode.told(cluster.inboxes(), application)));
        }
    }

    /** Pauses, and compares; then all go on. */
    void look() {
        pauses++;
        cluster.order("PAUSE " + pauses);
        List<Shown> actives = new ArrayList<>();
        cluster.await("everything rests", () -> isQuiet() && read(actives));
        verdicts.rest(actives);
        for (int application = 0; application < cluster.applications(); application++) {
            for (Inbox.Entry entry = told.get(application).next(); entry != null; entry = told.get(application).next()) {
                verdicts.told(application, entry.id(), entry.amount() == 1);
            }
        }
        if (cluster.mode() == StandbyMode.COPY) {
            cluster.await("standbys have what their actives have", () -> actives.stream().allMatch(this::isFollowed));
        }
        cluster.order(CoordinatedCluster.GO);
    }

    private boolean isQuiet() {
        if (!cluster.isSettled()) {
            return false;
        }
        for (int application = 0; application < cluster.applications(); application++) {
            if (cluster.active(application).quiet != pauses) {
                return false;
            }
        }
        return true;
    }

    private boolean read(List<Shown> actives) {
        actives.clear();
        try {
            for (int application = 0; application < cluster.applications(); application++) {
                actives.add(show(cluster.active(application), application));
            }
            return true;
        } catch (UnansweredException e) {
            return false;
        }
    }

    private static Shown show(Member member, int application) {
        return Shown.parse(member.name(), application, member.ask("LOOK 0", ANSWER_MILLIS));
    }

    /** By all its standbys. */
    private boolean isFollowed(Shown active) {
        try {
            for (Member standby : cluster.standbys(active.application())) {
                Shown shown = show(standby, active.application());
                verdicts.show(shown);
                if (shown.count() != active.count()) {
                    return false;
                }
            }
            return true;
        } catch (UnansweredException e) {
            return false;
        }
    }

    @Override
    public void close() {
        told.forEach(Inbox::close);
    }
}
