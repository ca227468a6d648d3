package io.tha.coordination;

import static io.tha.coordination.StoppedHistory.OTHER;
import static io.tha.coordination.StoppedHistory.STOPPED;

/** What an active does when it is stopped. */
enum StoppedStep {
    DONE {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            long id = history.publish(active);
            history.other.done(id, OTHER);
            return id;
        }
    },
    DONE_BEFORE_THE_OTHER {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            return history.publish(active);
        }
    },
    DONE_WITH_AN_ABORTED_ONE {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            long id = history.publish(active);
            history.other.abort(id);
            return id;
        }
    },
    DONE_BEHIND_AN_ABORTED_ONE {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            long before = history.done(active);
            history.published.add(before);
            long id = DONE.prepare(history, active);
            history.other.abort(before);
            return id;
        }
    },
    /** And what is before that is aborted. */
    DONE_BEHIND_A_ROLL_BACK {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            long before = history.done(active);
            history.published.add(before);
            history.abort(active);
            history.abort(active);
            long id = DONE.prepare(history, active);
            history.other.abort(before);
            return id;
        }
    },
    ROLL_BACK {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            for (int i = 0; i < 4; i++) {
                history.published.add(history.done(active));
            }
            history.other.done(history.published.get(0), OTHER);
            history.other.abort(history.published.get(2));
            return history.published.get(3);
        }

        @Override
        void go(Decisions active, long id) {
            active.rollBack(STOPPED);
        }
    },
    /** Which is aborted when somebody takes over. */
    ROLL_BACK_BEHIND_AN_UNDECIDED_ONE {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            history.published.add(history.done(active));
            long id = history.done(active);
            history.published.add(id);
            history.other.abort(id);
            return id;
        }

        @Override
        void go(Decisions active, long id) {
            active.rollBack(STOPPED);
        }
    },
    /** And to move the head. */
    PREPARE {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            for (int i = 0; i < 3; i++) {
                history.abort(active);
            }
            return history.join(active);
        }

        @Override
        void go(Decisions active, long id) {
            active.prepare(id, STOPPED);
        }
    },
    EVALUATE {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            for (int i = 0; i < 3; i++) {
                history.published.add(history.done(active));
                history.other.done(history.published.get(i), OTHER);
            }
            return history.published.get(2);
        }

        @Override
        void go(Decisions active, long id) {
            new DependencyMap(active).evaluate();
        }
    },
    PASS {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            long id = history.done(active);
            history.other.done(id, OTHER);
            new DependencyMap(active).evaluate();
            return id;
        }

        @Override
        void go(Decisions active, long id) {
            active.pass(id, STOPPED);
        }
    },
    PASS_AS_THE_LAST_ONE {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            long id = PASS.prepare(history, active);
            history.settleOther();
            return id;
        }

        @Override
        void go(Decisions active, long id) {
            active.pass(id, STOPPED);
        }
    },
    /** Of what it was not done with. */
    ABORT {
        @Override
        long prepare(StoppedHistory history, Decisions active) {
            return history.join(active);
        }

        @Override
        void go(Decisions active, long id) {
            active.abort(id);
            active.pass(id, STOPPED);
        }
    };

    /** Returns the transaction that it is about. */
    abstract long prepare(StoppedHistory history, Decisions active);

    void go(Decisions active, long id) {
        active.done(id, STOPPED);
    }
}
