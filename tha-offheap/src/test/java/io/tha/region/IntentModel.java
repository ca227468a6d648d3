package io.tha.region;

import io.tha.Intent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a log's readers must hold as undecided intents. */
final class IntentModel {
    private static final int MOST_INHERITED = 30;
    private static final int MOST_BYTES = 20;
    private static final int TRANSACTIONS = 10;

    private final List<Intent> undecided = new ArrayList<>();
    private final List<Intent> inherited = new ArrayList<>();
    private long next;

    /** Some that an earlier epoch left; returns the last id that it used. */
    long inherit(LogWriter writer, Random random) {
        for (int i = 0; i < MOST_INHERITED; i++) {
            byte[] bytes = new byte[random.nextInt(MOST_BYTES)];
            random.nextBytes(bytes);
            next += 1 + random.nextInt(3);
            inherited.add(new Intent(1 + random.nextInt(TRANSACTIONS), next, bytes));
        }
        next++;
        undecided.addAll(inherited);
        writer.inherit(List.copyOf(inherited));
        return TRANSACTIONS;
    }

    void published(long id, byte[] bytes) {
        undecided.add(new Intent(id, next++, bytes));
    }

    void decided(long id) {
        undecided.removeIf(intent -> intent.transactionId() == id);
    }

    /** One of the inherited, if there is one left. */
    List<Intent> someInherited(Random random) {
        return inherited.isEmpty() ? List.of() : List.of(inherited.get(random.nextInt(inherited.size())));
    }

    void acknowledged(List<Intent> intents) {
        inherited.removeAll(intents);
        undecided.removeAll(intents);
    }

    /** All that are left, in one publication. */
    void acknowledgeAll(LogWriter writer, long id) {
        writer.begin(id, true);
        inherited.forEach(intent -> writer.reserve(intent, id));
        writer.acknowledge(List.copyOf(inherited));
        undecided.removeAll(inherited);
        inherited.clear();
    }

    long frameBytes() {
        return undecided.stream().mapToLong(intent -> IntentStore.frameLength(intent.lengthBytes())).sum();
    }

    List<String> undecided() {
        return described(undecided);
    }

    static List<String> described(List<Intent> intents) {
        return intents.stream().map(intent -> intent + ": " + Arrays.toString(intent.bytes())).toList();
    }
}
