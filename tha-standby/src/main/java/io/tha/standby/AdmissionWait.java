package io.tha.standby;

import io.tha.ThaException;
import io.tha.region.ControlFile;
import io.tha.region.TakeoverState;
import io.tha.region.TakeoverWord;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for an active that keeps no committed image to admit this standby, for as long as it makes sense.
 *
 * <p>Threads: the follower's.
 */
final class AdmissionWait implements Runnable {
    private static final System.Logger LOG = System.getLogger(AdmissionWait.class.getName());
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** For another standby to take over. */
    private static final long DEATH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ControlFile control;
    private final String name;
    private final long epoch;
    private final BooleanSupplier stopping;
    private boolean told;
    private long deadSince;

    AdmissionWait(ControlFile control, String name, long epoch, BooleanSupplier stopping) {
        this.control = control;
        this.name = name;
        this.epoch = epoch;
        this.stopping = stopping;
    }

    @Override
    public void run() {
        long word = control.takeoverWordAcquire(control.findApplication(name));
        if (stopping.getAsBoolean() || TakeoverWord.servedEpoch(word) != epoch) {
            throw new ThaException("standby of '" + name + "': epoch " + epoch + " is over, or nobody waits for it any more");
        }
        if (!told) {
            told = true;
            LOG.log(System.Logger.Level.INFO, "standby of ''{0}'' waits until the active, which keeps no committed image, admits it", name);
        }
        giveUpIfDead(word);
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private void giveUpIfDead(long word) {
        boolean gone = TakeoverWord.state(word) == TakeoverState.RELEASED
                || (TakeoverWord.state(word) == TakeoverState.SERVING || TakeoverWord.state(word) == TakeoverState.OFFERED)
                        && control.watch(TakeoverWord.slot(word)).isDead();
        if (!gone) {
            deadSince = 0;
        } else if (deadSince == 0) {
            deadSince = System.nanoTime() | 1;
        } else if (System.nanoTime() - deadSince > DEATH_NANOS) {
            throw new NotAdmittedException("standby of '" + name + "': the active is gone, kept no committed image, and had not admitted this "
                    + "standby (ThaApplication.admitStandbys); no other standby has taken over either: the state is lost, remove directory '"
                    + control.domainDirectory() + "' to begin anew");
        }
    }

    /** It is of no use to try again. */
    static final class NotAdmittedException extends ThaException {
        private static final long serialVersionUID = 1L;

        private NotAdmittedException(String message) {
            super(message);
        }
    }
}
