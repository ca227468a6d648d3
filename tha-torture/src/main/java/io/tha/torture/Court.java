package io.tha.torture;

import io.tha.Outcome;
import io.tha.torture.Judge.Known;
import io.tha.torture.NodeProcess.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Reads what the nodes tell, has it judged lane by lane, and asks new actives and standbys what became of transactions.
 *
 * <p>Threads: one.
 */
final class Court {
    private static final int MOST_QUESTIONS = 256;
    private static final int OLDER_ASKED = 8;
    /** Outcomes of the last four million ids are remembered; a takeover may use up thousands without a transaction. */
    private static final long REMEMBERED_IDS = 3_000_000;

    private static final int MOST_KNOWN = 20_000;

    private final Path journals;
    private final Cluster cluster;
    private final Tally tally;
    private final SplittableRandom random;
    private final Judge[] judges = new Judge[Plan.LANES];
    private final Map<Integer, JournalReader[]> readers = new HashMap<>();
    private final Map<Integer, List<Known>> questions = new HashMap<>();
    private int asked;

    Court(Path journals, Cluster cluster, Tally tally, long seed) {
        this.journals = journals;
        this.cluster = cluster;
        this.tally = tally;
        random = new SplittableRandom(seed);
        Arrays.setAll(judges, Judge::new);
    }

    /** From now on its journals are read. */
    void admit(NodeProcess node) {
        JournalReader[] lanes = new JournalReader[Plan.LANES];
        Arrays.setAll(lanes, lane -> new JournalReader(Journal.file(journals, node.number, lane), node.number));
        readers.put(node.number, lanes);
    }

    /** Its journals are read to their end. */
    void dismiss(NodeProcess node) {
        session();
        for (JournalReader reader : readers.remove(node.number)) {
            reader.close();
        }
    }

    /** Reads what there is, and judges. */
    void session() {
        readAll();
        boolean reported = false;
        List<List<Reign>> unjudged = new ArrayList<>();
        for (Judge judge : judges) {
            unjudged.add(judge.takeUnjudged());
            reported |= !unjudged.get(unjudged.size() - 1).isEmpty();
        }
        if (reported) {
            // Once more: what their predecessors had done by then is in the journals now.
            readAll();
            for (int lane = 0; lane < judges.length; lane++) {
                for (Reign reign : unjudged.get(lane)) {
                    ask(reign, judges[lane].judge(reign), judges[lane].known());
                }
            }
        }
    }

    private void readAll() {
        for (JournalReader[] lanes : readers.values()) {
            for (int lane = 0; lane < lanes.length; lane++) {
                lanes[lane].read(judges[lane]::changed);
            }
        }
    }

    private void ask(Reign reign, List<Known> last, List<Known> known) {
        List<Known> question = new ArrayList<>(last);
        long newest = known.stream().mapToLong(Known::id).max().orElse(0);
        for (int i = 0; i < OLDER_ASKED && !known.isEmpty(); i++) {
            Known older = known.get(random.nextInt(known.size()));
            if (newest - older.id() < REMEMBERED_IDS) {
                question.add(older);
            }
        }
        if (known.size() > MOST_KNOWN) {
            known.subList(0, MOST_KNOWN / 2).clear();
        }
        for (NodeProcess node : cluster.nodes()) {
            if (node.number == reign.node || node.role == Role.STANDBY && random.nextInt(2) == 0) {
                ask(node, question);
            }
        }
    }

    private void ask(NodeProcess node, List<Known> question) {
        if (node.isStopped() || question.isEmpty()) {
            return;
        }
        int number = asked++;
        questions.put(number, question);
        questions.remove(number - MOST_QUESTIONS);
        node.tell("OUTCOME " + number + " " + question.stream().map(what -> Long.toString(what.id())).collect(Collectors.joining(" ")));
    }

    /** A node has answered: who it is, the epoch of what it knows, and the answers. */
    void answered(NodeProcess node, String line) {
        String[] words = line.split(" ", -1);
        List<Known> question = questions.get(Integer.parseInt(words[1]));
        if (words[2].equals("nobody") || question == null) {
            return;
        }
        long epoch = Long.parseLong(words[3]);
        for (int i = 0; i < question.size(); i++) {
            Known what = question.get(i);
            Outcome outcome = Outcome.valueOf(words[4 + i]);
            if (epoch >= what.epoch()) {
                tally.outcomesAsked++;
                if (!what.outcomes().contains(outcome)) {
                    throw new TortureException(Failure.OUTCOME, node + ", " + words[2] + " of epoch " + epoch + ", says " + outcome + ", expected "
                            + what.outcomes() + " since epoch " + what.epoch() + ": " + what.what());
                }
            }
        }
    }

    /** How many were committed, as far as was told. */
    long transactions() {
        return Arrays.stream(judges).mapToLong(Judge::transactions).sum();
    }
}
