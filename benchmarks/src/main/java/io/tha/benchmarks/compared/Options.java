package io.tha.benchmarks.compared;

import java.nio.file.Path;
import java.util.List;

/**
 * What a benchmark is told on its command line.
 *
 * @param isQuick whether it only has to be seen that it runs
 * @param results where JSON and charts go; null for nowhere
 */
record Options(boolean isQuick, Path results) {
    static Options of(String[] args) {
        List<String> words = List.of(args);
        int results = words.indexOf("--results");
        return new Options(words.contains("--quick"), results < 0 ? null : Path.of(words.get(results + 1)));
    }

    void write(Report report) {
        if (results != null) {
            report.write(results);
        }
    }
}
