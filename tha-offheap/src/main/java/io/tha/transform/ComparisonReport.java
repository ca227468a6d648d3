package io.tha.transform;

import io.tha.transform.FieldMapping.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tables of what becomes of fields, one line each.
 *
 * <p>Threads: one.
 */
final class ComparisonReport {
    private final StringBuilder text = new StringBuilder();

    /** A line of a table. */
    private record Line(Verdict verdict, String field, String how) {}

    /** Appends the table of one direction. */
    void direction(String name, String between, List<LayoutMapping> mappings) {
        List<Line> lines = new ArrayList<>();
        mappings.forEach(mapping -> add(mapping, lines));
        int width = lines.stream().mapToInt(line -> line.field().length()).max().orElse(0);
        text.append(name).append(": ").append(between).append('\n');
        String format = "  %-12s  %-" + Math.max(1, width) + "s  %s\n";
        lines.forEach(line -> text.append(String.format(format, text(line.verdict()), line.field(), line.how())));
        text.append('\n');
    }

    private static void add(LayoutMapping mapping, List<Line> lines) {
        String source = mapping.source();
        String target = mapping.target();
        if (target == null) {
            lines.add(new Line(Verdict.SAFE, source, "only the active has it: its objects are kept as they are"));
        } else if (source == null) {
            lines.add(new Line(Verdict.SAFE, target, "only the standby has it: there are no objects of it"));
        } else if (!mapping.refusal().isEmpty()) {
            lines.add(new Line(Verdict.INCOMPATIBLE, renamed(source, target), mapping.refusal()));
        } else if (mapping.fields().isEmpty()) {
            lines.add(new Line(Verdict.SAFE, renamed(source, target), "all fields are local"));
        }
        for (FieldMapping field : mapping.fields()) {
            String from = field.source() == null ? null : source + "." + field.source();
            String to = field.target() == null ? null : target + "." + field.target();
            lines.add(new Line(field.verdict(), from == null ? to : to == null ? from : renamed(from, to), field.how()));
        }
    }

    private static String renamed(String from, String to) {
        return from.equals(to) ? from : from + " > " + to;
    }

    static String text(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
