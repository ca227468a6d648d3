package io.tha.interleaving;

import io.tha.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/** One run of a scenario at a time: who is to make the next step, and what was done so far. */
final class Run {
    /** What a choice gives when nobody is to make a step. */
    static final int OVER = -1;
    /** In the place of an actor: none. */
    static final int NOBODY = -2;

    private static final int MOST_STEPS = 10_000;

    private final Scenario scenario;
    private final IntUnaryOperator choice;
    private final List<Step> trace = new ArrayList<>();
    private final List<List<Made>> made = new ArrayList<>();
    private final List<List<Object>> notes = new ArrayList<>();
    private final int[] prologues;
    private int[] deaths;
    private int stepsAfterDeath;
    /** One bit for each that has died, and those of them that go on for a while. */
    private int marked;
    private int alive;
    private int turn;
    private boolean prologue;

    /** What a step has given. */
    private static final class Made {
        private final long result;
        private final byte[] range;

        Made(long result, byte[] range) {
            this.result = result;
            this.range = range;
        }
    }

    /**
     * Of a scenario.
     *
     * @param choice gives the actor that makes the next step, or {@link #OVER}, for the one that would go on, or {@link #NOBODY}
     */
    Run(Scenario scenario, IntUnaryOperator choice) {
        this.scenario = scenario;
        this.choice = choice;
        prologues = new int[scenario.actors()];
        for (int actor = 0; actor < scenario.actors(); actor++) {
            made.add(new ArrayList<>());
            notes.add(new ArrayList<>());
        }
    }

    /**
     * Runs the scenario once.
     *
     * @param stepsBeforeDeath of each actor; negative for none
     */
    void execute(int... stepsBeforeDeath) {
        deaths = stepsBeforeDeath;
        trace.clear();
        made.forEach(List::clear);
        alive = (1 << scenario.actors()) - 1;
        marked = 0;
        scenario.begin();
        prologue = true;
        for (int actor = 0; actor < scenario.actors(); actor++) {
            call(actor);
            prologues[actor] = made.get(actor).size();
        }
        prologue = false;
        turn = choice.applyAsInt(NOBODY);
        while (turn != OVER) {
            call(turn);
            turn = turn == NOBODY ? choice.applyAsInt(NOBODY) : turn;
        }
    }

    private void call(int actor) {
        notes.get(actor).clear();
        try {
            Steps.call(this, actor, () -> scenario.act(actor, notes.get(actor)));
        } catch (RuntimeException | AssertionError e) {
            throw failure(e);
        }
    }

    /** Says whether the run ended as it must. */
    void verify() {
        try {
            scenario.verify(notes, trace);
        } catch (RuntimeException | AssertionError e) {
            throw failure(e);
        }
    }

    private AssertionError failure(Throwable cause) {
        String steps = trace.stream().map(step -> step.text(scenario)).collect(Collectors.joining(System.lineSeparator()));
        return new AssertionError(cause.getMessage() + "; in this order:" + System.lineSeparator() + steps + System.lineSeparator() + notes, cause);
    }

    boolean isPrologue() {
        return prologue;
    }

    void ended(int actor) {
        if (turn == actor && !prologue) {
            throw new IllegalStateException("actor " + actor + " ended without the step that it was to make: it is not deterministic");
        }
        alive &= ~(1 << actor);
    }

    /** Of those that have not ended, one bit each. */
    int alive() {
        return alive;
    }

    int made(int actor) {
        return made.get(actor).size();
    }

    long result(int actor, int index) {
        return made.get(actor).get(index).result;
    }

    byte[] range(int actor, int index) {
        return made.get(actor).get(index).range;
    }

    /** From now on who dies makes so many steps more: the kernel marks the death word when other threads of the process may still run. */
    void linger(int steps) {
        stepsAfterDeath = steps;
    }

    void awaitTurn(int actor) {
        if (prologue) {
            return;
        }
        int steps = made(actor) - prologues[actor];
        boolean isMarked = (marked & 1 << actor) != 0;
        if (isMarked && steps == deaths[actor] + stepsAfterDeath) {
            end(actor);
        }
        takeTurn(actor);
        if (!isMarked && actor < deaths.length && steps == deaths[actor]) {
            mark(actor);
            if (stepsAfterDeath == 0) {
                end(actor);
            }
            takeTurn(actor);
        }
    }

    private void takeTurn(int actor) {
        if (turn != actor) {
            turn = choice.applyAsInt(actor);
        }
        if (turn != actor) {
            throw new Steps.NotItsTurn();
        }
        turn = NOBODY;
        if (trace.size() >= MOST_STEPS) {
            throw new AssertionError("more than " + MOST_STEPS + " steps: somebody waits for what never comes");
        }
    }

    /** A step that others may see. */
    private void mark(int actor) {
        long word = scenario.deathWord(actor);
        int before = Memory.getIntVolatile(word);
        Memory.putIntVolatile(word, before | Scenario.DEAD);
        trace.add(new Step(actor, word, Integer.BYTES, true, before, before | Scenario.DEAD));
        marked |= 1 << actor;
    }

    private void end(int actor) {
        alive &= ~(1 << actor);
        throw new Steps.NotItsTurn();
    }

    void add(Step step, long result, byte[] range) {
        made.get(step.actor()).add(new Made(result, range));
        if (!prologue) {
            trace.add(step);
        }
    }

    boolean someDied() {
        return marked != 0;
    }

    List<Step> trace() {
        return trace;
    }
}
