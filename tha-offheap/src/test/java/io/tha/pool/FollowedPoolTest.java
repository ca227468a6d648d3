package io.tha.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.CorruptRegionException;
import io.tha.PoolFullException;
import io.tha.layout.Layout;
import io.tha.layout.LongField;
import io.tha.memory.LineMarks;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import io.tha.testkit.DomainDirectory;
import io.tha.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Random transactions of an active, whose image is followed: what is derived while following is what a rebuild derives from the image, and objects
 * can be made and deleted with it.
 */
class FollowedPoolTest {
    private static final int POOL_BYTES = 2 << 20;
    private static final int STEPS = 2_500;
    private static final int GROUPS = 3;
    private static final int MOST_OBJECTS = 600;
    private static final int[] BODY_WORDS = {1, 25, 110, 400, 2_500};

    @AutoClose
    private final DomainDirectory directory = DomainDirectory.create();

    private final Random random = Seeds.random();
    private final ThaPool pool = ThaPool.create(directory.resolve("active.pool"), POOL_BYTES);
    private final CommittedImage image = CommittedImage.create(directory.resolve("active.image"), pool);
    private final List<FollowedPool> followers = new ArrayList<>();
    private final List<Layout> layouts = new ArrayList<>();
    private final Map<String, Long> live = new HashMap<>();
    private final Set<Long> gone = new HashSet<>();
    /** What has ever been in the image: handles of what was not may be given again, docs/decisions.md 10. */
    private final Set<Long> committed = new HashSet<>();

    private final CreatedObject created = new CreatedObject();
    private int files;
    private int names;

    /** What one transaction has published. */
    private final class Transaction {
        final List<RegistryRecord> registrations = new ArrayList<>();
        final List<Long> creates = new ArrayList<>();
        final List<Long> deletes = new ArrayList<>();
        final long registryUsed = pool.registry().usedBytes();

        Transaction() {
            pool.registry().forEach(image.registryUsed(), registryUsed, registrations::add);
        }

        void add(int group) {
            PendingChanges pending = pool.structure().pending(group);
            Set<Long> deleted = new HashSet<>();
            for (int i = 0; i < pending.deletedCount(); i++) {
                deleted.add(pending.deleted(i));
            }
            for (int i = 0; i < pending.createdCount(); i++) {
                if (!deleted.remove(pending.created(i))) {
                    creates.add(pending.created(i));
                }
            }
            deletes.addAll(deleted);
        }

        void follow(FollowedPool followed) {
            registrations.forEach(followed::register);
            creates.forEach(handle -> followed.create(frame(handle)));
            deletes.forEach(followed::delete);
        }

        /** The first so many steps of the image's advance. */
        void advance(CommittedImage to, int steps) {
            for (int i = 0; i < Math.min(steps, creates.size()); i++) {
                to.create(pool.structure(), creates.get(i));
                long offset = ObjectMemory.bodyOffset(creates.get(i));
                to.update(offset, pool.base() + offset, Long.BYTES);
            }
            for (int i = 0; i < Math.min(steps - creates.size(), deletes.size()); i++) {
                to.delete(deletes.get(i));
            }
        }

        int steps() {
            return creates.size() + deletes.size();
        }

        void redo(CommittedImage to, FollowedPool followed) {
            ImageRedo redo = new ImageRedo(to, followed);
            registrations.forEach(redo::register);
            for (long handle : creates) {
                redo.create(frame(handle));
                redo.update(handle, 0, pool.base() + ObjectMemory.bodyOffset(handle), Long.BYTES);
            }
            deletes.forEach(redo::delete);
            redo.registered();
        }
    }

    private CreatedObject frame(long handle) {
        long body = ObjectMemory.bodyOffset(handle);
        int page = (int) (body >>> LineMarks.PAGE_SHIFT);
        PageTable pages = pool.pages();
        created.set(handle, pool.structure().objectId(body));
        created.in(pages.slabFirstPage(page), pages.slotLength(page), pages.layoutId(page), pages.groupId(page));
        long nameWord = pool.structure().staticNameSlot(body);
        if (Prefix.isDynamic(nameWord)) {
            created.nameImplicit(Prefix.id(nameWord), Prefix.number(nameWord));
        } else {
            created.nameStatic(NameSlots.read(pool.base() + nameWord), nameWord, pages.slabFirstPage((int) (nameWord >>> LineMarks.PAGE_SHIFT)));
        }
        return created;
    }

    @RepeatedTest(4)
    void whatIsDerivedWhileFollowingIsWhatARebuildDerives() {
        for (int i = 0; i < BODY_WORDS.length; i++) {
            addLayout(i);
        }
        addGroups();
        follow(join());
        for (int step = 1; step <= STEPS; step++) {
            step();
            if (step % 500 == 0) {
                compare(followers.get(0));
            }
        }
        for (FollowedPool followed : followers) {
            compare(followed);
            takeOver(followed);
        }
        close();
    }

    private void close() {
        followers.forEach(followed -> {
            followed.close();
            followed.pool().close();
        });
        image.close();
        pool.close();
    }

    private void addGroups() {
        for (int group = 1; group < GROUPS; group++) {
            assertEquals(group, pool.createGroup("group" + group));
        }
    }

    private void addLayout(int i) {
        Layout layout = Layout.named("L" + names++).int64Array("words", BODY_WORDS[i % BODY_WORDS.length]).build();
        pool.register(layout);
        layouts.add(layout);
    }

    private void step() {
        int action = random.nextInt(100);
        int group = random.nextInt(GROUPS);
        if (action < 50) {
            allocate(group);
        } else if (action < 75 || live.size() > MOST_OBJECTS) {
            delete();
        } else if (action < 95) {
            commit();
        } else if (action < 97) {
            abort(group);
        } else if (action < 98 && layouts.size() < 12) {
            replaceLayout();
        } else if (followers.size() < 4) {
            followers.add(joinWhileAdvancing());
        }
    }

    private void allocate(int group) {
        Layout layout = layouts.get(random.nextInt(layouts.size()));
        try {
            String name = "x".repeat(random.nextInt(4) * random.nextInt(60)) + names++;
            long handle = random.nextBoolean() ? pool.allocate(layout, name, group) : pool.allocateDynamic(layout, "p" + names % 3, group);
            layout.int64Field("words").set(pool, handle, 0, handle);
            assertTrue(live.put(pool.nameOf(handle), handle) == null);
        } catch (PoolFullException e) {
            delete();
        }
    }

    private void delete() {
        if (!live.isEmpty()) {
            String name = live.keySet().stream().skip(random.nextInt(live.size())).findFirst().orElseThrow();
            pool.delete(live.get(name));
            gone.add(live.remove(name));
        }
    }

    private void abort(int group) {
        PendingChanges pending = pool.structure().pending(group);
        for (int i = 0; i < pending.createdCount(); i++) {
            live.values().remove(pending.created(i));
            gone.add(pending.created(i));
        }
        pool.structure().reviveDeleted(group);
        for (int i = 0; i < pending.deletedCount(); i++) {
            long handle = pending.deleted(i);
            gone.remove(handle);
            live.put(pool.nameOf(handle), handle);
        }
        pool.structure().discardCreated(group);
        pool.forEach(handle -> {});
        live.values().removeIf(handle -> !pool.isLive(handle));
        live.values().forEach(gone::remove);
    }

    /** All objects of a layout go, and the layout; another one comes. */
    private void replaceLayout() {
        int i = random.nextInt(layouts.size());
        Layout layout = layouts.get(i);
        live.entrySet().removeIf(entry -> {
            boolean isOfIt = pool.layoutOf(entry.getValue()).equals(layout);
            if (isOfIt) {
                pool.delete(entry.getValue());
                gone.add(entry.getValue());
            }
            return isOfIt;
        });
        commit();
        pool.unregister(layout);
        layouts.remove(i);
        addLayout(i);
        commit();
    }

    private Transaction publish() {
        Transaction transaction = new Transaction();
        for (int group = 0; group < GROUPS; group++) {
            transaction.add(group);
        }
        return transaction;
    }

    private void commit() {
        Transaction transaction = publish();
        followers.forEach(transaction::follow);
        complete(transaction, transaction.steps());
    }

    private void complete(Transaction transaction, int steps) {
        image.appendRegistry(pool.structure(), transaction.registryUsed);
        transaction.advance(image, steps);
        committed.addAll(transaction.creates);
        for (int group = 0; group < GROUPS; group++) {
            pool.structure().commitPending(group);
        }
    }

    private FollowedPool join() {
        return FollowedPool.over(MappedFile.openPrivate(directory.resolve("active.image"), PoolMemory.MIN_SIZE));
    }

    private void follow(FollowedPool followed) {
        followed.scan(() -> {});
        followed.endRedo();
        followers.add(followed);
    }

    /** Looks at an image that has part of a transaction, which is then redone; and the redo of the image gives what the active's advance gives. */
    private FollowedPool joinWhileAdvancing() {
        commit();
        for (int i = 0; i < 20; i++) {
            allocate(random.nextInt(GROUPS));
            if (i % 3 == 0) {
                delete();
            }
        }
        Transaction transaction = publish();
        followers.forEach(transaction::follow);
        int steps = random.nextInt(transaction.steps() + 1);
        if (random.nextBoolean()) {
            image.appendRegistry(pool.structure(), transaction.registryUsed);
        }
        transaction.advance(image, steps);
        FollowedPool late = join();
        late.scan(() -> {});
        if (random.nextBoolean()) {
            transaction.advance(image, steps + random.nextInt(3));
        }
        transaction.follow(late);
        late.endRedo();
        Path copy = copy();
        tear(copy, transaction, steps);
        redo(copy, transaction, late);
        complete(transaction, transaction.steps());
        assertSame(copy);
        return late;
    }

    private Path copy() {
        Path copy = directory.resolve("copy-" + files++);
        try {
            return Files.copy(directory.resolve("active.image"), copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The active has died when it had made the entries of some pages of a new slab. */
    private void tear(Path copy, Transaction transaction, int steps) {
        if (steps == 0 || steps > transaction.creates.size()) {
            return;
        }
        long body = ObjectMemory.bodyOffset(transaction.creates.get(steps - 1));
        int first = pool.pages().slabFirstPage((int) (body >>> LineMarks.PAGE_SHIFT));
        int pageCount = SlabGeometry.pages(pool.pages().slotLength(first));
        try (CommittedImage torn = CommittedImage.open(copy)) {
            long others = 0;
            for (int i = 0; i < SlabGeometry.slots(pool.pages().slotLength(first)); i++) {
                long other = SlabGeometry.bodyOffset(first, pool.pages().slotLength(first), i);
                long check = Memory.getLong(torn.address(SlotDescriptor.slotOf(other) + SlotDescriptor.CHECK_OFFSET));
                others += other != body && SlotScanner.isInUse(check, other) ? 1 : 0;
            }
            if (others == 0 && pageCount > 1) {
                torn.pages().release(first + random.nextInt(pageCount));
            }
        }
    }

    /** Twice, since who does it may die. */
    private void redo(Path copy, Transaction transaction, FollowedPool followed) {
        try (CommittedImage redone = CommittedImage.open(copy)) {
            transaction.redo(redone, followed);
            transaction.redo(redone, followed);
        }
    }

    private void assertSame(Path redone) {
        try (ThaPool expected = ThaPool.open(copy());
                ThaPool found = ThaPool.open(redone)) {
            assertEquals(content(expected), content(found));
            assertEquals(expected.registry().usedBytes(), found.registry().usedBytes());
            assertEquals(expected.memory().nextObjectId(), found.memory().nextObjectId());
        }
    }

    private static Map<String, String> content(ThaPool of) {
        Map<String, String> content = new HashMap<>();
        of.forEach(handle -> {
            LongField words = of.layoutOf(handle).int64Field("words");
            content.put(of.nameOf(handle), handle + " " + of.objectIdOf(handle) + " " + of.groupOf(handle) + " " + words.get(of, handle, 0));
        });
        return content;
    }

    private void compare(FollowedPool followed) {
        commit();
        try (ThaPool rebuilt = ThaPool.open(copy())) {
            ThaPool found = followed.pool();
            assertEquals(content(rebuilt), content(found));
            live.forEach((name, handle) -> assertEquals(handle, found.find(name), name));
            assertEquals(live.size(), content(rebuilt).size());
            int taken = 0;
            for (int page = rebuilt.memory().firstDataPage(); page < rebuilt.memory().pageCount(); page++) {
                if (rebuilt.pages().slotLength(page) != 0 && rebuilt.pages().slabFirstPage(page) == page) {
                    int expected = rebuilt.slabs().inUse(page);
                    int inUse = found.slabs().inUse(page);
                    assertTrue(inUse == expected || inUse < 0 && expected == 0, "slab at page " + page + ": " + inUse + ", expected " + expected);
                    taken += inUse < 0 ? 0 : SlabGeometry.pages(rebuilt.pages().slotLength(page));
                }
            }
            int dataPages = rebuilt.memory().pageCount() - rebuilt.memory().firstDataPage();
            assertEquals((long) (dataPages - taken) << LineMarks.PAGE_SHIFT, found.freeBytes());
        }
    }

    /** The pool is written until it is full, and emptied. */
    private void takeOver(FollowedPool followed) {
        ThaPool taken = followed.pool();
        taken.setReadOnly(false);
        Set<Long> handles = new HashSet<>(live.values());
        for (int full = 0; full < 20; ) {
            try {
                Layout layout = layouts.get(random.nextInt(layouts.size()));
                int group = random.nextInt(GROUPS);
                long handle = random.nextBoolean() ? taken.allocate(layout, "new-" + names++, group) : taken.allocateDynamic(layout, "p1", group);
                assertTrue(handles.add(handle), "a handle that another object has");
                assertFalse(gone.contains(handle) && committed.contains(handle), "a handle that another object has had");
                LongField words = layout.int64Field("words");
                for (int i = 0; i < layout.sizeBytes() / Long.BYTES; i++) {
                    assertEquals(0, words.get(taken, handle, i));
                    words.set(taken, handle, i, -1);
                }
            } catch (PoolFullException e) {
                full++;
            }
        }
        live.forEach((name, handle) -> assertEquals((long) handle, taken.layoutOf(handle).int64Field("words").get(taken, handle, 0), name));
        gone.forEach(handle -> assertFalse(committed.contains(handle) && taken.isLive(handle)));
        handles.forEach(taken::delete);
        for (int group = 0; group < GROUPS; group++) {
            taken.structure().commitPending(group);
        }
        layouts.forEach(taken::unregister);
        long dataBytes = (long) (taken.memory().pageCount() - taken.memory().firstDataPage()) << LineMarks.PAGE_SHIFT;
        assertTrue(taken.freeBytes() >= dataBytes - 24 * LineMarks.PAGE_LENGTH, () -> taken.freeBytes() + " of " + dataBytes + " are free");
    }

    /** Pages of it that the new slab leaves free are known to the image only. */
    @Test
    void handlesOfASlabThatASmallerOneReplacesAreNotGivenAgain() {
        addLayout(0);
        addLayout(2);
        addGroups();
        Layout large = layouts.remove(1);
        follow(join());
        assertThrows(PoolFullException.class, () -> {
            while (true) {
                pool.allocateDynamic(large, "large");
            }
        });
        commit();
        pool.forEach(gone::add);
        gone.forEach(pool::delete);
        commit();
        pool.unregister(large);
        for (int i = 0; i < 2_000; i++) {
            long small = pool.allocateDynamic(layouts.get(0), "small");
            layouts.get(0).int64Field("words").set(pool, small, 0, small);
            live.put(pool.nameOf(small), small);
        }
        commit();

        takeOver(followers.get(0));
        close();
    }

    @Test
    void framesThatCannotBeAreRefused() {
        addLayout(0);
        follow(join());
        FollowedPool followed = followers.get(0);
        long handle = pool.allocate(layouts.get(0), "one");
        CreatedObject unknown = frame(handle);
        assertThrows(CorruptRegionException.class, () -> followed.create(unknown), "a layout that was not registered");
        commit();

        assertThrows(CorruptRegionException.class, () -> followed.create(frame(handle)), "an object that is there");
        assertThrows(CorruptRegionException.class, () -> followed.delete(handle + 1), "an object of another generation");
        for (int slab : new int[] {-1, 0, Integer.MAX_VALUE, pool.memory().pageCount()}) {
            CreatedObject outside = frame(handle);
            outside.slab = slab;
            assertThrows(CorruptRegionException.class, () -> followed.create(outside));
        }
        for (long name : new long[] {-8, 0, 8, Long.MAX_VALUE >>> 1}) {
            CreatedObject outside = frame(handle);
            outside.handle = handle + 1;
            outside.nameWord = name;
            assertThrows(CorruptRegionException.class, () -> followed.create(outside));
        }
        close();
    }
}
