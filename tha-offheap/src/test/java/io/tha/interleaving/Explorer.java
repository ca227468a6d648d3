package io.tha.interleaving;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Runs a scenario in every order of its steps that makes a difference: of orders that differ only in steps that do not touch the same memory, or only
 * read it, one is run. It is dynamic partial order reduction with source sets and sleep sets (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014): after
 * each run, for two steps that conflict and were not forced into their order, the other order is put on the list of what is to be tried.
 *
 * <p>Threads: one.
 */
public final class Explorer {
    private final Run run;
    private final List<Node> nodes = new ArrayList<>();
    /** So many choices are given. */
    private int given;
    private boolean isCut;
    /** Null where orders are not drawn. */
    private Random random;
    private long runs;
    private long cutRuns;
    private long steps;
    private int longest;

    /** What may be done next at one place of a run; sets of actors have a bit for each. */
    private static final class Node {
        private final Step[] stepOf;
        private int sleeping;
        private int chosen;
        private int tried;
        private int toTry;

        Node(int actors) {
            stepOf = new Step[actors];
        }

        void choose(int actor) {
            chosen = actor;
            tried |= 1 << actor;
            toTry |= 1 << actor;
        }
    }

    public Explorer(Scenario scenario) {
        run = new Run(scenario, this::choose);
    }

    /**
     * Loads a scenario, and the classes of its package, so that they make steps.
     *
     * @param type has a constructor with one argument
     */
    public static Scenario load(Class<? extends Scenario> type, Object argument) {
        try {
            Class<?> stepped = new SteppedLoader(type.getPackageName()).loadClass(type.getName());
            var constructor = stepped.getDeclaredConstructor(argument.getClass());
            constructor.setAccessible(true);
            return (Scenario) constructor.newInstance(argument);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be loaded", e);
        }
    }

    /** From now on who dies makes so many steps more; none unless set. */
    public void linger(int steps) {
        run.linger(steps);
    }

    /**
     * Runs every order.
     *
     * @param stepsBeforeDeath of each actor; negative, or left out, for none
     * @return whether somebody died in one of them
     * @throws AssertionError if a run does not end as it must, with its steps
     */
    public boolean exploreAll(int... stepsBeforeDeath) {
        nodes.clear();
        given = 0;
        boolean someDied = false;
        do {
            isCut = false;
            run.execute(stepsBeforeDeath);
            someDied |= run.someDied();
            if (!isCut) {
                count();
                run.verify();
            }
            cutRuns += isCut ? 1 : 0;
            findRaces();
        } while (next());
        return someDied;
    }

    /** Runs one order, drawn by chance. */
    public void runOne(Random drawn, int... stepsBeforeDeath) {
        random = drawn;
        try {
            run.execute(stepsBeforeDeath);
        } finally {
            random = null;
        }
        count();
        run.verify();
    }

    private void count() {
        runs++;
        steps += run.trace().size();
        longest = Math.max(longest, run.trace().size());
    }

    private int choose(int current) {
        int alive = run.alive();
        if (random != null) {
            return alive == 0 ? Run.OVER : nth(alive, random.nextInt(Integer.bitCount(alive)));
        }
        int depth = run.trace().size();
        if (depth < given) {
            return nodes.get(depth).chosen;
        }
        Node node = node(depth);
        int candidates = alive & ~node.sleeping;
        if (candidates == 0) {
            // Who sleeps was tried before from here, or from where it made no difference.
            isCut = alive != 0;
            return Run.OVER;
        }
        node.choose(current >= 0 && (candidates & 1 << current) != 0 ? current : Integer.numberOfTrailingZeros(candidates));
        nodes.add(node);
        return node.chosen;
    }

    private static int nth(int actors, int n) {
        int left = actors;
        for (int i = 0; i < n; i++) {
            left &= left - 1;
        }
        return Integer.numberOfTrailingZeros(left);
    }

    private Node node(int depth) {
        Node node = new Node(Integer.SIZE);
        if (depth > 0) {
            Node before = nodes.get(depth - 1);
            Step step = run.trace().get(depth - 1);
            int known = (before.sleeping | before.tried) & ~(1 << before.chosen);
            for (int actor = 0; known >>> actor != 0; actor++) {
                if ((known & 1 << actor) != 0 && !before.stepOf[actor].conflictsWith(step)) {
                    node.sleeping |= 1 << actor;
                    node.stepOf[actor] = before.stepOf[actor];
                }
            }
        }
        return node;
    }

    /** For each two steps that could have come in the other order: lets it be tried. */
    private void findRaces() {
        List<Step> trace = run.trace();
        long[][] before = new long[trace.size()][(trace.size() >>> 6) + 1];
        for (int later = 0; later < trace.size(); later++) {
            Step step = trace.get(later);
            nodes.get(later).stepOf[step.actor()] = step;
            for (int earlier = later - 1; earlier >= 0; earlier--) {
                Step other = trace.get(earlier);
                boolean same = other.actor() == step.actor();
                if (!has(before[later], earlier) && (same || other.conflictsWith(step))) {
                    if (!same && later >= given - 1) {
                        reverse(earlier, later, before);
                    }
                    for (int i = 0; i < before[earlier].length; i++) {
                        before[later][i] |= before[earlier][i];
                    }
                    before[later][earlier >>> 6] |= 1L << earlier;
                }
            }
        }
    }

    private static boolean has(long[] set, int index) {
        return (set[index >>> 6] & 1L << index) != 0;
    }

    private void reverse(int earlier, int later, long[][] before) {
        List<Step> trace = run.trace();
        long[] between = new long[before[later].length];
        int seen = 0;
        int first = 0;
        for (int i = earlier + 1; i <= later; i++) {
            if (i == later || !has(before[i], earlier)) {
                int actor = 1 << trace.get(i).actor();
                first |= (seen & actor) == 0 && !intersect(before[i], between) ? actor : 0;
                seen |= actor;
                between[i >>> 6] |= 1L << i;
            }
        }
        Node node = nodes.get(earlier);
        if ((node.toTry & first) == 0) {
            int wanted = 1 << trace.get(later).actor();
            node.toTry |= (first & wanted) != 0 ? wanted : Integer.lowestOneBit(first);
        }
    }

    private static boolean intersect(long[] a, long[] b) {
        for (int i = 0; i < a.length; i++) {
            if ((a[i] & b[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean next() {
        for (int depth = nodes.size() - 1; depth >= 0; depth--) {
            Node node = nodes.get(depth);
            int left = node.toTry & ~node.tried & ~node.sleeping;
            if (left != 0) {
                node.choose(Integer.numberOfTrailingZeros(left));
                given = depth + 1;
                return true;
            }
            nodes.remove(depth);
        }
        return false;
    }

    /** How many runs there were. */
    public long runs() {
        return runs;
    }

    @Override
    public String toString() {
        return runs + " runs of up to " + longest + " steps, " + steps + " steps, " + cutRuns + " runs cut short";
    }
}
