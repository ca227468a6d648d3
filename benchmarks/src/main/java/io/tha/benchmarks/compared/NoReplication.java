package io.tha.benchmarks.compared;

/** Changes the state, and tells nobody: the least that an active can cost. */
final class NoReplication implements Active {
    private final FlatState state;
    private final Changes changes;

    NoReplication(Load load) {
        state = new FlatState(load.objects());
        changes = new Changes(load);
    }

    @Override
    public void transact(long value) {
        changes.apply(state, value);
    }

    @Override
    public void close() {
        // Memory is given back with the process.
    }
}
