package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final long LEASE = 1_000;
    private static final int STEPS = 200_000;

    private final Lease lease = new Lease(LEASE);

    @Test
    void whoStandsStillForTheWholeLeaseIsHung() {
        for (long now = 0; now < LEASE; now += 100) {
            assertFalse(lease.isHung(7, 3, now), "after " + now);
        }
        assertTrue(lease.isHung(7, 3, LEASE));
        assertFalse(lease.isHung(7, 4, LEASE + 100), "it beats again");
    }

    @Test
    void anObserverThatWasStoppedBeginsAnew() {
        lease.isHung(7, 3, 0);
        lease.isHung(7, 3, 100);
        long resumed = 100 * LEASE;
        assertFalse(lease.isHung(7, 3, resumed));
        for (long now = resumed + 250; now < resumed + LEASE; now += 250) {
            assertFalse(lease.isHung(7, 3, now), "after " + now);
        }
        assertTrue(lease.isHung(7, 3, resumed + LEASE));
    }

    @Test
    void anotherHolderHasALeaseOfItsOwn() {
        for (long now = 0; now < LEASE; now += 100) {
            lease.isHung(7, 3, now);
        }
        assertFalse(lease.isHung(8, 3, LEASE));
    }

    @Test
    void withoutALeaseNobodyIsHung() {
        Lease none = new Lease(0);
        for (long now = 0; now < STEPS; now++) {
            assertFalse(none.isHung(7, 3, now));
        }
    }

    /** One look. */
    private record Look(long holder, long beat, long nanoTime) {}

    /** The clock goes on in small steps, at times jumps, ahead or back; whoever must beat does, changes, or stands still. */
    @Test
    void itSaysHungExactlyWhenTheLastLooksAreAllPunctualAndAlike() {
        Random random = Seeds.random();
        List<Look> looks = new ArrayList<>();
        long now = random.nextLong();
        long holder = 1;
        long beat = 1;
        int hung = 0;
        for (int step = 0; step < STEPS; step++) {
            int jump = random.nextInt(200);
            now += jump == 0 ? random.nextLong() : jump == 1 ? -random.nextInt(1_000_000) : jump == 2 ? LEASE * 10 : random.nextInt(260);
            int change = random.nextInt(100);
            beat += change < 3 ? 1 : 0;
            holder += change == 50 ? 1 : 0;
            looks.add(new Look(holder, beat, now));
            boolean expected = isHung(looks);
            assertEquals(expected, lease.isHung(holder, beat, now), "step " + step);
            hung += expected ? 1 : 0;
        }
        assertTrue(hung > 0, "nobody was ever hung");
    }

    /** By definition: back from the last look, as long as each look is like the last one and close to the one after it. */
    private static boolean isHung(List<Look> looks) {
        Look last = looks.get(looks.size() - 1);
        Look next = last;
        long covered = 0;
        for (int i = looks.size() - 2; i >= 0 && covered < LEASE; i--) {
            Look look = looks.get(i);
            long distance = next.nanoTime() - look.nanoTime();
            if (look.holder() != last.holder() || look.beat() != last.beat() || distance < 0 || distance > LEASE / 4) {
                return false;
            }
            covered += distance;
            next = look;
        }
        return covered >= LEASE;
    }
}
