package io.tha.benchmarks;

import io.tha.tracker.TrackerKind;
import io.tha.tracker.Trackers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * For each tracker that this process can use: the first write to a page after a commit, and the commit of so many pages at random of full pools
 * of several sizes, objects of 64 bytes. Against writes that nobody watches, and against a C program that takes the same faults and makes the
 * same scans of the same file ({@link TrackerPeer}).
 *
 * <p>Targets: {@code SOFTWARE}'s commit does not grow with the pool, at most 1.3 times from the smallest to the largest, pages as near to each
 * other in both; faults and scans of {@code USERFAULTFD}, without diff and log, take at most 1.3 times what the C program's do; no garbage.
 */
public final class WhatDoesATrackerCost {
    private static final double BOUND = 1.3;
    private static final double MICRO = 1e3;
    private static final long SECOND = 1_000_000_000;
    private static final long GIB = 1L << 30;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final String ROW = "%6s %-12s %5s  %-26s %-26s %-32s %6s %6s%n";

    /** How much is done. */
    private record Size(List<Integer> poolMib, List<Integer> pages, int rounds, long budgetNanos) {
        static Size of(String[] args) {
            return Arrays.asList(args).contains("--quick")
                    ? new Size(List.of(1, 4), List.of(1, 16), 4, SECOND)
                    : new Size(List.of(64, 256, 1_024, 4_096), List.of(1, 16, 256, 4_096), 2_000, SECOND);
        }
    }

    private final Size size;
    private final List<TrackerKind> kinds = new ArrayList<>();
    private final List<String> goals = new ArrayList<>();
    /** Nanoseconds by what was written, and by the pool's MiB. */
    private final Map<String, NavigableMap<Integer, Long>> softwareCommits = new LinkedHashMap<>();

    private final Map<TrackerKind, Double> garbage = new EnumMap<>(TrackerKind.class);

    private WhatDoesATrackerCost(Size size) {
        this.size = size;
    }

    /** Argument: {@code --quick} for rounds that only show that it works. */
    public static void main(String[] args) {
        WhatDoesATrackerCost question = new WhatDoesATrackerCost(Size.of(args));
        question.findKinds();
        boolean first = true;
        for (int mib : question.size.poolMib) {
            String reason = tooLarge((long) mib << 20);
            if (reason != null) {
                System.out.printf("pool of %,d MiB is skipped: %s%n", mib, reason);
                continue;
            }
            try (TrackerScene scene = new TrackerScene((long) mib << 20)) {
                if (first) {
                    question.warmUp(scene);
                    first = false;
                }
                question.measure(scene, mib);
            }
        }
        question.judgeGarbage();
        question.judgeGrowth();
        question.goals.forEach(System.out::println);
    }

    private void findKinds() {
        for (TrackerKind kind : TrackerKind.values()) {
            if (kind == TrackerKind.AUTO || kind == TrackerKind.APPLICATION) {
                continue; // the one is another, the other tracks nothing
            }
            String reason = Trackers.unavailableReason(kind);
            if (reason == null) {
                kinds.add(kind);
            } else {
                System.out.printf("tracker %s is skipped: %s%n", kind, reason);
            }
        }
    }

    /** Pool, image, and the index of names. */
    private static String tooLarge(long poolBytes) {
        long files = 2 * poolBytes + GIB / 8;
        long memory = 3 * poolBytes + GIB / 8;
        long usable = SHARED_MEMORY.toFile().getUsableSpace();
        if (Files.isDirectory(SHARED_MEMORY) && usable < files) {
            return String.format(Locale.ROOT, "it needs %,d bytes in %s, free are %,d", files, SHARED_MEMORY, usable);
        }
        long available = availableMemory();
        return available < memory ? String.format(Locale.ROOT, "it needs %,d bytes of memory, available are %,d", memory, available) : null;
    }

    private static long availableMemory() {
        if (!Files.exists(MEMORY)) {
            return Long.MAX_VALUE;
        }
        try {
            return Files.readAllLines(MEMORY).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(MEMORY + " cannot be read", e);
        }
    }

    private void warmUp(TrackerScene scene) {
        for (TrackerKind kind : kinds) {
            try (TrackerScene.Watch watch = scene.commits(kind)) {
                new TrackerRounds(scene, 16, true, kind.seesRawWrites()).run(watch, null, size.rounds * 4, size.budgetNanos);
            }
            try (TrackerScene.Watch watch = scene.tracker(kind)) {
                new TrackerRounds(scene, 16, !kind.seesRawWrites(), kind.seesRawWrites()).run(watch, null, size.rounds * 4, size.budgetNanos);
            }
        }
    }

    private void measure(TrackerScene scene, int mib) {
        System.out.printf("%nPool of %,d MiB, %,d pages with objects; least/median/greatest%n", mib, scene.pageCount());
        System.out.printf(ROW, "", "transactions", "pages", "set, ns a page", "put, ns a page", "commit, µs", "B each", "rounds");
        for (TrackerKind kind : kinds) {
            try (TrackerScene.Watch watch = scene.commits(kind)) {
                for (int pages : size.pages) {
                    TrackerRounds rounds = new TrackerRounds(scene, pages, true, kind.seesRawWrites());
                    row(kind.name(), rounds.run(watch, null, size.rounds, size.budgetNanos));
                    garbage.merge(kind, rounds.garbage(), Math::max);
                    if (kind == TrackerKind.SOFTWARE) {
                        commits(pages, "the pool").put(mib, rounds.decide().median());
                    }
                }
            }
            if (kind == TrackerKind.SOFTWARE) {
                measureNear(scene, mib);
            }
        }
        // Behind the others, which would find what nobody has seen.
        for (int pages : size.pages) {
            row("none", new TrackerRounds(scene, pages, true, true).run(scene.untracked(), null, size.rounds, size.budgetNanos));
        }
        System.out.printf(ROW, "", "tracker only", "pages", "set, ns a page", "put, ns a page", "gather, collect, clear, µs", "B each", "rounds");
        for (TrackerKind kind : kinds) {
            measureAlone(scene, mib, kind);
        }
    }

    /** As many pages as before, and as near to each other as in the smallest pool: what is left of the pool's size. */
    private void measureNear(TrackerScene scene, int mib) {
        int nearMib = size.poolMib.get(0);
        scene.spreadOver((long) nearMib << 20);
        try (TrackerScene.Watch watch = scene.commits(TrackerKind.SOFTWARE)) {
            for (int pages : size.pages) {
                TrackerRounds rounds = new TrackerRounds(scene, pages, true, false).run(watch, null, size.rounds, size.budgetNanos);
                row("  in " + nearMib + " MiB", rounds);
                commits(pages, nearMib + " MiB of the pool").put(mib, rounds.decide().median());
            }
        }
        scene.spreadOver((long) mib << 20);
    }

    private NavigableMap<Integer, Long> commits(int pages, String spread) {
        return softwareCommits.computeIfAbsent("pages=" + pages + " spread over " + spread, key -> new TreeMap<>());
    }

    /** Without diff and log; what it leaves is not committed, so this comes last. */
    private void measureAlone(TrackerScene scene, int mib, TrackerKind kind) {
        try (TrackerScene.Watch watch = scene.tracker(kind);
                TrackerPeer peer = scene.peer(kind)) {
            boolean compared = peer.unavailableReason() == null;
            for (int pages : size.pages) {
                TrackerRounds rounds = new TrackerRounds(scene, pages, !kind.seesRawWrites(), kind.seesRawWrites())
                        .run(watch, compared ? peer : null, size.rounds, size.budgetNanos);
                row(kind.name(), rounds);
                if (compared) {
                    peerRow(rounds);
                    judgePeer(kind, mib, rounds);
                }
            }
            if (!compared && kind.seesRawWrites()) {
                System.out.printf("%7s%s has no C program beside it: %s%n", "", kind, peer.unavailableReason());
            }
        }
    }

    private static void row(String name, TrackerRounds rounds) {
        System.out.printf(
                ROW,
                "",
                name,
                rounds.pages(),
                rounds.set().in(rounds.pages()),
                rounds.put().in(rounds.pages()),
                rounds.decide().in(MICRO),
                String.format(Locale.ROOT, "%.1f", rounds.garbage()),
                rounds.count());
    }

    private static void peerRow(TrackerRounds rounds) {
        System.out.printf(
                ROW,
                "",
                "  in C",
                rounds.pages(),
                "-",
                rounds.peerWrite().in(rounds.pages()),
                rounds.peerDecide().in(MICRO),
                "-",
                rounds.peerDecide().count());
    }

    private void judgeGarbage() {
        garbage.forEach((kind, bytes) -> goal(key(kind) + ".garbage of a commit", "bytes", bytes, 1));
    }

    private void judgePeer(TrackerKind kind, int mib, TrackerRounds rounds) {
        String name = key(kind) + ".faults+scan/C " + mib + "MiB pages=" + rounds.pages();
        goal(name + String.format(Locale.ROOT, " ratioOfLeast=%.2f", rounds.ratioOfLeast()), "ratio", rounds.ratio(), BOUND);
    }

    private void judgeGrowth() {
        softwareCommits.forEach((what, byMib) -> {
            double ratio = (double) byMib.lastEntry().getValue() / byMib.firstEntry().getValue();
            goal("software.commit " + byMib.firstKey() + "MiB->" + byMib.lastKey() + "MiB " + what, "ratio", ratio, BOUND);
        });
    }

    private void goal(String name, String what, double found, double bound) {
        goals.add(String.format(Locale.ROOT, "%s %s=%.2f bound<=%.2f %s", name, what, found, bound, found <= bound ? "ok" : "MISSED"));
    }

    private static String key(TrackerKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
