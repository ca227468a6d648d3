package io.tha.examples.booking.demo;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills one of the six processes after the other, in the middle of orders, and replaces it.
 *
 * <p>Threads: one.
 */
final class Killer {
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NANOS = 100_000;
    /** One in so many kills is of a standby. */
    private static final int STANDBYS = 4;
    /** Kills wait for so many orders in flight at most. */
    private static final int MOST_AWAITED = 6;
    /** So often the standbys are read together between two kills, at least. */
    private static final int READS = 10;

    private final Random random;
    private final Desk desk;
    private final Orders orders;
    private final JointReader reader;

    /** Kills what the desk's orders are served by. */
    Killer(Random random, Desk desk, Orders orders, JointReader reader) {
        this.random = random;
        this.desk = desk;
        this.orders = orders;
        this.reader = reader;
    }

    /** Waits for a random moment, and kills; all is as before when it returns, and what was in flight is settled. */
    Kill killOne() throws InterruptedException {
        ServiceNodes service = desk.services().get(random.nextInt(desk.services().size()));
        boolean isActive = random.nextInt(STANDBYS) > 0;
        awaitMoment();
        return isActive ? killActive(service) : killStandby(service);
    }

    private void awaitMoment() {
        long moment = System.nanoTime() + (long) (random.nextDouble() * MOST_NANOS);
        long reads = reader.reads() + READS;
        int awaited = 1 + random.nextInt(MOST_AWAITED);
        while (System.nanoTime() - moment < 0 || reader.reads() < reads || orders.count() < awaited) {
            if (System.nanoTime() - moment > PATIENCE_NANOS) {
                throw new IllegalStateException("joint reads: " + reader.reads() + ", orders in flight: " + orders.count() + ", expected " + reads
                        + " and " + awaited + " in " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private Kill killActive(ServiceNodes service) throws InterruptedException {
        long killed = System.nanoTime();
        service.killActive();
        Set<Long> inFlight = desk.suspend();
        service.awaitActiveKilled();
        orders.expectNothingOf(service.kind());
        long serving = service.promote();
        // Whatever the dead process had not heard of yet, nobody will do; the other services need not wait until their leases are over.
        desk.giveUp(inFlight);
        desk.resume();
        service.startStandby();
        Orders.Tally tally = orders.awaitSettled(inFlight);
        service.awaitReady();
        return new Kill(service.kind(), true, tally, serving - killed);
    }

    private Kill killStandby(ServiceNodes service) throws InterruptedException {
        Set<Long> inFlight = orders.ids();
        long killed = System.nanoTime();
        service.killStandby();
        service.startStandby();
        Orders.Tally tally = orders.awaitSettled(inFlight);
        service.awaitReady();
        return new Kill(service.kind(), false, tally, System.nanoTime() - killed);
    }
}
