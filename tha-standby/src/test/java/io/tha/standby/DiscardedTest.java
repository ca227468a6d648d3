package io.tha.standby;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.active.ThaApplication;
import io.tha.active.ThaConfig;
import io.tha.active.Transaction;
import io.tha.follow.DiscardedChange;
import io.tha.follow.DiscardedTransaction;
import io.tha.layout.Layout;
import io.tha.takeover.Takeover;
import io.tha.testkit.DomainDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A takeover tells what lost transactions had flushed, by object and field, and nothing of it is in the state. */
@Timeout(120)
class DiscardedTest {
    private static final String NAME = "discarded";
    private static final ThaConfig CONFIG =
            ThaConfig.builder().poolBytes(8 << 20).ringBytes(1 << 20).build();
    private static final Layout STOP = Layout.named("Stop").int16("gate").utf8("code", 4).build();
    private static final Layout TRIP = Layout.named("Trip")
            .int8("tiny").int32("number").int64("total").float32("ratio").float64("share").bool("open").char16("letter").utf8("text", 12)
            .bytes("raw", 3).pointer("next", "Trip").structArray("stops", STOP, 2).int64Array("sums", 1_000).build();

    private final DomainDirectory directory = DomainDirectory.create();
    private ThaApplication active;
    private long first;
    private int other;

    @BeforeEach
    void open() {
        active = ThaApplication.open(directory.path(), NAME, CONFIG);
        active.register(STOP, TRIP);
        other = active.pool().createGroup("other");
        first = active.pool().allocate(TRIP, "first");
        TRIP.int64Field("total").set(active.pool(), first, 1);
        active.begin().commit();
    }

    @AfterEach
    void remove() {
        active.close();
        directory.close();
    }

    /** What standbys have; their active has the given one. */
    ThaConfig standbyConfig(ThaConfig config) {
        return config;
    }

    private ThaStandby standby() throws InterruptedException {
        ThaStandby standby = ThaStandby.open(directory.path(), NAME, standbyConfig(CONFIG));
        standby.register(STOP, TRIP);
        standby.awaitReady();
        return standby;
    }

    private Takeover takeOver(ThaStandby standby) throws InterruptedException {
        active.close();
        Takeover takeover = standby.awaitTakeover();
        active = takeover.application();
        return takeover;
    }

    private static DiscardedChange updated(String object, String field, Object value) {
        return new DiscardedChange(DiscardedChange.Kind.UPDATED, object, "Trip", field, value);
    }

    @Test
    void fieldsAreToldWithTheirValues() throws InterruptedException {
        try (ThaStandby standby = standby()) {
            Transaction lost = active.begin(0);
            TRIP.int8Field("tiny").set(active.pool(), first, (byte) -3);
            TRIP.int32Field("number").set(active.pool(), first, 70_000);
            TRIP.int64Field("total").set(active.pool(), first, 1L << 40);
            TRIP.float32Field("ratio").set(active.pool(), first, 0.5f);
            TRIP.float64Field("share").set(active.pool(), first, -0.25);
            TRIP.booleanField("open").set(active.pool(), first, true);
            TRIP.char16Field("letter").set(active.pool(), first, 'ß');
            TRIP.utf8Field("text").set(active.pool(), first, "grün");
            TRIP.int16Field("stops[1].gate").set(active.pool(), first, (short) 12);
            TRIP.utf8Field("stops[1].code").set(active.pool(), first, "SFO");
            TRIP.int64Field("sums").set(active.pool(), first, 999, 7);
            lost.flush();
            long second = active.pool().allocate(TRIP, "second");
            TRIP.pointerField("next").set(active.pool(), second, first);
            TRIP.pointerField("next").set(active.pool(), first, second);
            lost.flush();
            TRIP.int32Field("number").set(active.pool(), first, 5); // not flushed, lost with its process
            try (Transaction announced = active.begin(other)) {
                announced.intent(new byte[1]);
                Takeover takeover = takeOver(standby);
                assertEquals(1, takeover.discarded().size());
                DiscardedTransaction discarded = takeover.discarded().get(0);
                assertEquals(lost.id(), discarded.transactionId());
                assertEquals(0, discarded.omitted());
                assertEquals(
                        List.of(
                                updated("first", "tiny", (byte) -3),
                                updated("first", "number", 70_000),
                                updated("first", "total", 1L << 40),
                                updated("first", "ratio", 0.5f),
                                updated("first", "share", -0.25),
                                updated("first", "open", true),
                                updated("first", "letter", 'ß'),
                                updated("first", "text", "grün"),
                                updated("first", "stops[1].gate", (short) 12),
                                updated("first", "stops[1].code", "SFO"),
                                updated("first", "sums[999]", 7L),
                                new DiscardedChange(DiscardedChange.Kind.CREATED, "second", "Trip", null, null),
                                updated("second", "next", "first"),
                                updated("first", "next", "second")),
                        discarded.changes());
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().contains("closed"), e.getMessage());
            }
            assertEquals(1, TRIP.int64Field("total").get(active.pool(), active.pool().find("first")));
            assertEquals(0, active.pool().find("second"));
        }
    }

    @Test
    void rawBytesAndImplicitNamesAreTold() throws InterruptedException {
        try (ThaStandby standby = standby()) {
            Transaction lost = active.begin(0);
            long dynamic = active.pool().allocateDynamic(TRIP, "trip");
            TRIP.bytesField("raw").set(active.pool(), dynamic, 0, new byte[] {1, 2, 3});
            lost.flush();
            List<DiscardedChange> changes = takeOver(standby).discarded().get(0).changes();
            assertEquals(new DiscardedChange(DiscardedChange.Kind.CREATED, "trip#1", "Trip", null, null), changes.get(0));
            assertEquals("raw", changes.get(1).field());
            assertArrayEquals(new byte[] {1, 2, 3}, (byte[]) changes.get(1).value());
            assertEquals("UPDATED Trip 'trip#1' raw = [1, 2, 3]", changes.get(1).toString());
        }
    }

    @Test
    void whatWasCommittedOrAbortedIsNotTold() throws InterruptedException {
        try (ThaStandby standby = standby()) {
            try (Transaction aborted = active.begin(0)) {
                TRIP.int32Field("number").set(active.pool(), first, 5);
                aborted.flush();
            }
            try (Transaction committed = active.begin(0)) {
                TRIP.int32Field("number").set(active.pool(), first, 6);
                committed.flush();
                committed.commit();
            }
            assertEquals(List.of(), takeOver(standby).discarded());
        }
    }

    @Test
    void ofVeryManyOnlyTheNumberIsTold() throws InterruptedException {
        int objects = 15;
        try (ThaStandby standby = standby()) {
            Transaction lost = active.begin(0);
            for (int i = 0; i < objects; i++) {
                long object = active.pool().allocate(TRIP, "object/" + i);
                for (int k = 0; k < 1_000; k++) {
                    TRIP.int64Field("sums").set(active.pool(), object, k, k + 1L);
                }
            }
            lost.flush();
            DiscardedTransaction discarded = takeOver(standby).discarded().get(0);
            assertEquals(10_000, discarded.changes().size());
            assertEquals(objects * 1_001L - 10_000, discarded.omitted());
        }
    }

    /** It is about to be thrown away: that it cannot be read must not stop the takeover. */
    @Test
    void aDamagedSegmentDoesNotStopTheTakeover() throws InterruptedException, IOException {
        try (ThaStandby standby = standby()) {
            Transaction lost = active.begin(0);
            TRIP.int32Field("number").set(active.pool(), first, 5);
            lost.flush();
            try (Stream<Path> files = Files.list(directory.path())) {
                Path segment = files.filter(file -> file.toString().endsWith(".overflow")).findFirst().orElseThrow();
                Files.write(segment, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, StandardOpenOption.WRITE);
            }
            assertEquals(List.of(), takeOver(standby).discarded());
            assertEquals(0, TRIP.int32Field("number").get(active.pool(), active.pool().find("first")));
        }
    }
}
