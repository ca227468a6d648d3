package io.tha.benchmarks.compared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tha.testkit.Sampled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is measured side by side runs, and its results are written; sizes are tiny, and figures mean nothing. */
@Timeout(300)
@Sampled
class ComparedRunTest {
    @TempDir
    private Path results;

    @Test
    void smallTransactions() throws IOException {
        Small.main(new String[] {"--quick", "--results", results.toString()});

        requireResults("small", 5);
    }

    @Test
    void batches() throws IOException {
        Batch.main(new String[] {"--quick", "--results", results.toString()});

        requireResults("batch", 2);
    }

    private void requireResults(String benchmark, int goals) throws IOException {
        JsonObject told = JsonParser.parseString(Files.readString(results.resolve(benchmark + ".json"))).getAsJsonObject();
        JsonObject measured = told.getAsJsonObject("measured");
        assertEquals(goals, told.getAsJsonArray("goals").size());
        assertEquals(labels(), measured.getAsJsonObject("active_cost").getAsJsonObject("rounds").keySet());
        for (String id : new String[] {"active_cost", "rate"}) {
            assertTrue(Files.readString(results.resolve(benchmark + "-" + id + ".svg")).contains("<svg"), id);
        }
    }

    private static Set<String> labels() {
        Set<String> labels = new TreeSet<>();
        Stream.of(Contender.values()).forEach(contender -> labels.add(contender.label()));
        return labels;
    }
}
