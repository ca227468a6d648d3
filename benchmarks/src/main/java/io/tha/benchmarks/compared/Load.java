package io.tha.benchmarks.compared;

import java.util.Random;

/**
 * What all are loaded with: objects of eight longs, of which each transaction sets one long in each of the next few, in an order that no cache
 * foresees and that both processes know.
 *
 * @param objects how many there are
 * @param changes how many of them a transaction changes
 */
record Load(int objects, int changes) {
    /** Size of each object. */
    static final int OBJECT_BYTES = 64;

    private static final long SEED = 20_260_101;

    /** The load that a process was started for. */
    static Load of(String objects, String changes) {
        return new Load(Integer.parseInt(objects), Integer.parseInt(changes));
    }

    /** The objects' numbers in the order in which they are changed, over and over again. */
    int[] order() {
        int[] order = new int[objects];
        for (int i = 0; i < objects; i++) {
            order[i] = i;
        }
        Random random = new Random(SEED);
        for (int i = objects - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
