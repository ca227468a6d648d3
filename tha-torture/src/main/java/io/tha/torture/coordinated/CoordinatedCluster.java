package io.tha.torture.coordinated;

import io.tha.active.StandbyMode;
import io.tha.memory.CrashPoint;
import io.tha.testkit.ClassArchive;
import io.tha.torture.Failure;
import io.tha.torture.JvmProcess;
import io.tha.torture.Recording;
import io.tha.torture.RunDirectory;
import io.tha.torture.TortureException;
import io.tha.torture.coordinated.Member.Line;
import io.tha.torture.coordinated.Member.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The processes of several applications: starts them ahead, lets them join, signals them, tells the actives what to do, and notices how they end.
 *
 * <p>Threads: one; {@link #standbys} any.
 */
final class CoordinatedCluster implements AutoCloseable {
    /** The order to begin transactions, with a bit for each application that serves. */
    static final String GO = "GO";

    private static final long PAUSE_NANOS = 300_000;
    private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int SPARES = 2;
    private static final int MOST_PASSAGES = 200;
    private static final CrashPoint[] POINTS = EnumSet.range(CrashPoint.AFTER_CLAIMED, CrashPoint.AFTER_PART_COMMITTED).toArray(CrashPoint[]::new);
    private static final Set<Integer> EXPECTED_ENDS = Set.of(0, 128 + JvmProcess.SIGKILL);

    private final Setup setup;
    private final RunDirectory directory;
    private final ClassArchive archive;
    private final CoordinatedTally tally;
    private final SplittableRandom random;
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final List<Member> ended = new ArrayList<>();
    /** Applications whose next active is to do nothing. */
    private final Set<Integer> calm = new HashSet<>();
    private final int[] wanted;
    private String order = "";
    private int started;
    private boolean supplies;
    private boolean arming;
    /** Also by the hook of a JVM that is told to end. */
    private volatile boolean closing;

    /**
     * What there is.
     *
     * @param applications how many, from 2 on
     * @param mode of the standbys
     * @param seed of what is drawn
     * @param flags of the JVMs
     */
    record Setup(int applications, StandbyMode mode, long seed, List<String> flags) {}

    /** Nothing is started yet. */
    CoordinatedCluster(Setup setup, RunDirectory directory, ClassArchive archive, CoordinatedTally tally) {
        this.setup = setup;
        this.directory = directory;
        this.archive = archive;
        this.tally = tally;
        random = new SplittableRandom(setup.seed);
        wanted = new int[setup.applications];
        directory.create("inboxes");
    }

    /** The classes that a node loads, in an archive in a directory of the caller's. */
    static ClassArchive record(RunDirectory directory) {
        Path classes = directory.create("classes");
        String inboxes = directory.create("recorded-inboxes").toString();
        List<String> arguments = List.of(classes.resolve("recorded").toString(), inboxes, "2", "0", StandbyMode.COPY.name());
        return new Recording(classes, new Recording.Kind(CoordinatedNode.class, arguments, "OPEN 0", "JOIN 0")).record();
    }

    int applications() {
        return setup.applications;
    }

    StandbyMode mode() {
        return setup.mode;
    }

    Path inboxes() {
        return directory.path().resolve("inboxes");
    }

    List<Member> members() {
        return members;
    }

    /** All that have ended, and all that have not. */
    List<Member> everyMember() {
        List<Member> all = new ArrayList<>(ended);
        all.addAll(members);
        return all;
    }

    /** The one that took over last, or null. */
    Member active(int application) {
        Member active = null;
        for (Member member : members) {
            boolean serves = member.application == application && member.role == Role.ACTIVE;
            if (serves && (active == null || member.epoch > active.epoch)) {
                active = member;
            }
        }
        return active;
    }

    /** Those that follow, and run. */
    List<Member> standbys(int application) {
        return members.stream().filter(member -> member.application == application && member.isReadyStandby()).toList();
    }

    /** From now on each application gets so many standbys, of processes that are started ahead. */
    void supply(int standbys) {
        supplies = standbys > 0;
        for (int application = 0; application < wanted.length; application++) {
            want(application, standbys);
        }
    }

    /** How many standbys an application gets; one that is not the only one is held from its first moment on. */
    void want(int application, int standbys) {
        wanted[application] = standbys;
    }

    /** Whether new processes get crash points. */
    void arm(boolean on) {
        arming = on;
    }

    /** From now on actives are told this, unless they are to be calm. */
    void order(String line) {
        order = line;
    }

    /** Whether the next active of an application is to do nothing. */
    void calm(int application, boolean on) {
        if (on) {
            calm.add(application);
        } else {
            calm.remove(application);
        }
    }

    /** Starts a process ahead; nowhere is its crash point if it is empty. */
    Member start(String crashPoint) {
        int number = started++;
        List<String> arguments = List.of(
                directory.path().resolve("domain").toString(), inboxes().toString(), Integer.toString(setup.applications), Long.toString(setup.seed),
                setup.mode.name(), Integer.toString(number));
        List<String> flags = new ArrayList<>(archive.flags());
        flags.addAll(setup.flags);
        Member member = Member.start(number, new JvmProcess.Launch(CoordinatedNode.class, archive.classPath(), flags, arguments, crashPoint), lines);
        members.add(member);
        return member;
    }

    private String drawCrashPoint() {
        if (!arming || random.nextInt(3) > 0) {
            return "";
        }
        CrashPoint point = POINTS[random.nextInt(POINTS.length)];
        boolean isPassedOften = point.compareTo(CrashPoint.AFTER_DONE_PUBLISHED) >= 0;
        return point + ":" + (isPassedOften ? 1 + random.nextInt(1 + random.nextInt(MOST_PASSAGES)) : 1) + ":KILL";
    }

    /** Opens an application with a process that was started. */
    void open(Member member, int application) {
        await("it is started", () -> member.role == Role.SPARE);
        appoint(member, application, "OPEN " + application);
        await("it serves", () -> member.role == Role.ACTIVE);
    }

    /** Lets a process that was started follow. */
    void join(Member member, int application) {
        await("it is started", () -> member.role == Role.SPARE);
        join(member, application, false);
    }

    private void join(Member member, int application, boolean held) {
        member.firstHold = held && setup.mode == StandbyMode.COPY;
        tally.joins++;
        appoint(member, application, "JOIN " + application + (member.firstHold ? " HOLD" : ""));
    }

    private static void appoint(Member member, int application, String line) {
        member.application = application;
        member.role = Role.JOINING;
        member.tell(line);
    }

    void kill(Member member) {
        member.signal(JvmProcess.SIGKILL);
    }

    /** Stops one, to be resumed later. */
    void stop(Member member, long nanos) {
        if (!member.isStopped()) {
            tally.stops++;
            member.resumeNanos = System.nanoTime() + nanos | 1;
            member.signal(JvmProcess.SIGSTOP);
        }
    }

    private void resume() {
        long now = System.nanoTime();
        for (Member member : members) {
            if (member.isStopped() && now - member.resumeNanos >= 0) {
                member.signal(JvmProcess.SIGCONT);
                member.resumeNanos = 0;
            }
        }
    }

    /** Whether each application has one active and its standbys, and nobody is stopped or on the way. */
    boolean isSettled() {
        for (int i = 0; i < setup.applications; i++) {
            int application = i;
            long actives = members.stream().filter(member -> member.application == application && member.role == Role.ACTIVE).count();
            if (actives != 1 || standbys(application).size() < wanted[application]) {
                return false;
            }
        }
        return members.stream().noneMatch(member -> member.isStopped() || member.role == Role.JOINING);
    }

    /** Goes on until something is so. */
    void await(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > STANDSTILL_NANOS) {
                throw new TortureException(Failure.STALLED, what + ": not within " + TimeUnit.NANOSECONDS.toSeconds(STANDSTILL_NANOS) + " s; "
                        + members);
            }
            turn();
        }
    }

    /** Goes on for so long. */
    void goOn(long nanos) {
        long begin = System.nanoTime();
        await("a moment", () -> System.nanoTime() - begin >= nanos);
    }

    /** One look at everything. */
    void turn() {
        for (Line line = lines.poll(); line != null; line = lines.poll()) {
            said(line.member(), line.text());
        }
        resume();
        supply();
        giveOrders();
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private void giveOrders() {
        long serving = 0;
        for (int application = 0; application < setup.applications; application++) {
            Member active = active(application);
            serving |= active == null || active.isStopped() || calm.contains(application) ? 0 : 1L << application;
        }
        String line = order.equals(GO) ? GO + " " + serving : order;
        for (int application = 0; application < setup.applications; application++) {
            Member active = active(application);
            if ((serving & 1L << application) != 0 && !active.order.equals(line)) {
                active.order = line;
                active.tell(line);
            }
        }
    }

    private void supply() {
        if (!supplies) {
            return;
        }
        if (members.stream().filter(member -> member.role == Role.STARTING || member.role == Role.SPARE).count() < SPARES) {
            start(drawCrashPoint());
        }
        for (int i = 0; i < setup.applications; i++) {
            int application = i;
            long joined = members.stream()
                    .filter(member -> member.application == application && (member.role == Role.JOINING || member.role == Role.STANDBY))
                    .count();
            Member spare = members.stream().filter(member -> member.role == Role.SPARE).findFirst().orElse(null);
            if (joined < wanted[application] && spare != null) {
                join(spare, application, wanted[application] > 1);
            }
        }
    }

    private void said(Member member, String line) {
        member.remember(line);
        switch (line.split(" ", 2)[0]) {
            case "SPARE" -> member.role = Role.SPARE;
            case "READY" -> member.role = Role.STANDBY;
            case "SERVING" -> serves(member, Long.parseLong(line.substring("SERVING ".length())));
            case "FENCED" -> fenced(member);
            case "QUIET" -> member.quiet = Long.parseLong(line.substring("QUIET ".length()));
            case "WRONG" -> throw new TortureException(Failure.of(line), member + ": " + line);
            case "GAVE" -> throw new TortureException(Failure.FAILED, member + ": " + line);
            default -> {
                if (line.equals(JvmProcess.END)) {
                    ends(member);
                } else if (line.contains("CorruptRegionException") || line.contains("was damaged, and is")) {
                    throw new TortureException(Failure.DAMAGED, member + ": " + line);
                }
            }
        }
    }

    private void serves(Member member, long epoch) {
        member.epoch = epoch;
        member.order = "";
        member.role = Role.ACTIVE;
        tally.takeovers += epoch > 1 ? 1 : 0;
    }

    private void fenced(Member member) {
        member.firstHold = false;
        member.role = Role.JOINING;
        tally.fenced++;
    }

    private void ends(Member member) {
        if (closing) {
            return;
        }
        int status = member.awaitExit();
        members.remove(member);
        ended.add(member);
        if (status == 128 + JvmProcess.SIGKILL) {
            tally.kills++;
            tally.selfKills += member.wasSent(JvmProcess.SIGKILL) ? 0 : 1;
        }
        if (!EXPECTED_ENDS.contains(status) || member.wasKilledUnforeseen(status)) {
            throw new TortureException(Failure.FAILED, member + " ended of itself with status " + status);
        }
    }

    /** Lets all end by themselves. */
    void end() {
        supplies = false;
        members.forEach(Member::leave);
        await("all processes end", members::isEmpty);
    }

    /** Kills all that are left, and waits until they are gone. */
    @Override
    public void close() {
        closing = true;
        members.forEach(Member::destroy);
        members.forEach(Member::awaitExit);
    }
}
