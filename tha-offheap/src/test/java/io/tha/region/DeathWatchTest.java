package io.tha.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.memory.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DeathWatchTest {
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(300);

    @TempDir
    Path parent;

    private Path domain;

    @BeforeEach
    void nameTheDomain() {
        domain = parent.resolve("domain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MUTEX", "FILE"})
    void deathIsNoticedByAllWatchersAndTheSlotReused(String kind) {
        try (ControlFile control = ControlFile.open(domain);
                ControlChild child = ControlChild.fork(domain, "-Dtha.deathLock=" + kind).go()) {
            int slot = child.slot();
            assertNotEquals(control.processSlot(), slot);
            assertTrue(Files.exists(SlotLock.file(domain, slot)) && SlotLock.isOwned(domain, slot), "the lock is kept for life, of either kind");
            List<DeathWatch> watches = List.of(control.watch(slot), control.watch(slot), control.watch(slot));
            watches.forEach(w -> assertFalse(w.awaitDeath(SHORT)));
            List<CompletableFuture<Boolean>> deaths = new ArrayList<>();
            watches.forEach(w -> deaths.add(CompletableFuture.supplyAsync(() -> w.awaitDeath(LONG))));

            child.kill();

            deaths.forEach(d -> assertTrue(d.join()));
            assertTrue(control.watch(slot).isDead());
            try (ControlChild next = ControlChild.fork(domain, "-Dtha.deathLock=" + kind).go()) {
                assertEquals(slot, next.slot());
                watches.forEach(w -> assertTrue(w.isDead(), "watches the dead incarnation"));
                assertFalse(control.watch(slot).isDead());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MUTEX", "FILE"})
    void aStoppedProcessIsNotDead(String kind) {
        try (ControlFile control = ControlFile.open(domain);
                ControlChild child = ControlChild.fork(domain, "-Dtha.deathLock=" + kind).go()) {
            DeathWatch watch = control.watch(child.slot());

            Posix.kill(child.process.pid(), Posix.SIGSTOP);

            assertFalse(watch.awaitDeath(SHORT));
            child.kill();
            assertTrue(watch.awaitDeath(LONG));
        }
    }

    @Test
    void anOrdinaryExitIsADeath() throws Exception {
        try (ControlFile control = ControlFile.open(domain); ControlChild child = ControlChild.fork(domain).go()) {
            DeathWatch watch = control.watch(child.slot());

            child.process.getOutputStream().close();

            assertTrue(watch.awaitDeath(LONG));
        }
    }

    @Test
    void aSlotThatATakeoverWordNamesIsNotReused() {
        try (ControlFile control = ControlFile.open(domain);
                ControlChild active = ControlChild.fork(domain).go();
                ControlChild next = ControlChild.fork(domain);
                ControlChild last = ControlChild.fork(domain)) {
            int application = control.application("flights", "1");
            long serving = TakeoverWord.word(TakeoverState.SERVING, active.slot(), 1, 1);
            assertTrue(control.casTakeoverWord(application, 0, serving));
            DeathWatch watch = control.watch(active.slot());
            active.kill();
            assertTrue(watch.awaitDeath(LONG));

            assertNotEquals(active.slot(), next.go().slot());

            assertTrue(control.watch(active.slot()).isDead());
            assertTrue(control.casTakeoverWord(application, serving, TakeoverWord.word(TakeoverState.CLAIMED, control.processSlot(), 2, 1)));
            assertEquals(active.slot(), last.go().slot());
        }
    }

    @Test
    void anInterruptedWatcherReturnsAndStaysInterrupted() {
        try (ControlFile control = ControlFile.open(domain)) {
            DeathWatch own = control.watch(control.processSlot());
            Thread.currentThread().interrupt();

            assertFalse(own.awaitDeath(LONG));

            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aFreeSlotIsDead() {
        try (ControlFile control = ControlFile.open(domain)) {
            assertTrue(control.watch(255).isDead());
        }
    }
}
