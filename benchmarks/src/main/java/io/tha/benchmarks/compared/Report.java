package io.tha.benchmarks.compared;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a benchmark has found: tables and goals on standard output, and, where a directory for them is given, as JSON and charts. */
final class Report {
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private final String benchmark;
    private final List<Rounds> measured = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();

    Report(String benchmark) {
        this.benchmark = benchmark;
    }

    void add(Rounds rounds) {
        rounds.print();
        measured.add(rounds);
    }

    void add(Goal goal) {
        System.out.println(goal);
        goals.add(goal);
    }

    /** Writes all to files that begin with the benchmark's name. */
    void write(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(benchmark + ".json"), GSON.toJson(asMap()) + "\n");
            for (Rounds rounds : measured) {
                if (!rounds.contenders().isEmpty()) {
                    BarChart.write(rounds, directory.resolve(benchmark + "-" + rounds.id() + ".svg"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the results of " + benchmark + " cannot be written to " + directory, e);
        }
    }

    private Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("benchmark", benchmark);
        map.put("java", System.getProperty("java.vm.version"));
        map.put("processors", Runtime.getRuntime().availableProcessors());
        Map<String, Object> values = new LinkedHashMap<>();
        for (Rounds rounds : measured) {
            Map<String, Object> each = new LinkedHashMap<>();
            rounds.contenders().forEach(contender -> each.put(contender.label(), rounds.of(contender)));
            values.put(rounds.id(), Map.of("title", rounds.title(), "rounds", each));
        }
        map.put("measured", values);
        map.put("goals", goals.stream().map(Goal::toString).toList());
        return map;
    }
}
