package io.tha.layout;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a description; whatever it accepts describes itself with the very same text. */
final class LayoutParser {
    /** A description is at most this long, so that a hostile one cannot exhaust the heap. */
    static final int MAX_LENGTH = 4 << 20;

    /** All descriptions together, each with its nested layouts: a short text could otherwise repeat a long one again and again. */
    private static final int MAX_DESCRIBED = 64 << 20;
    /** The same for one description: a layout that stands in others is repeated in theirs, which are nested no deeper than this. */
    private static final int MAX_DESCRIBED_TIMES = 16;
    private static final int MAX_DESCRIBED_SURELY = 1 << 20;

    private final Map<String, Layout> known = new LinkedHashMap<>();
    private final int maxDescribed;
    private LayoutBuilder builder;
    private int builderLine;
    private int number;
    private long described;
    private Layout last;

    private LayoutParser(int firstLine, int maxDescribed) {
        number = firstLine - 1;
        this.maxDescribed = maxDescribed;
    }

    static Layout parse(String description) {
        if (description.length() > MAX_LENGTH) {
            throw new LayoutException("description of " + description.length() + " characters, the limit is " + MAX_LENGTH);
        }
        LayoutParser parser = new LayoutParser(1, Math.max(MAX_DESCRIBED_SURELY, MAX_DESCRIBED_TIMES * description.length()));
        try {
            parser.lines(description);
        } catch (LayoutException e) {
            throw new LayoutException("description, " + e.getMessage(), e);
        }
        if (parser.last == null || !parser.last.description().equals(description)) {
            throw new LayoutException("description is not canonical: expected\n" + parser.last + "found\n" + description);
        }
        return parser.last;
    }

    static List<Layout> parseAll(String descriptions, int firstLine) {
        LayoutParser parser = new LayoutParser(firstLine, MAX_DESCRIBED);
        parser.lines(descriptions);
        String[] found = descriptions.split("\n", -1);
        String[] expected = parser.known.values().stream().map(Layout::ownDescription).collect(Collectors.joining()).split("\n", -1);
        int at = Arrays.mismatch(found, expected);
        if (at >= 0) {
            throw new LayoutException("line " + (firstLine + at) + ": expected '" + (at < expected.length ? expected[at] : "") + "', found '"
                    + (at < found.length ? found[at] : "") + "'");
        }
        return List.copyOf(parser.known.values());
    }

    private void lines(String text) {
        for (String line : text.split("\n")) {
            number++;
            try {
                line(line);
            } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
                throw new LayoutException("line " + number + ": expected 'layout NAME size=N alignment=N' or"
                        + " '  field NAME type=T offset=N length=N count=N …', found '" + line + "'", e);
            }
        }
        finish();
    }

    private void line(String line) {
        String[] words = line.split(" ");
        if (words[0].equals("layout")) {
            finish();
            builder = Layout.named(words[1]).size(Integer.parseInt(value(words[2], "size"))).renamedFrom(earlierNames(words));
            builderLine = number;
        } else {
            field(words);
        }
    }

    /** {@code "" "" field name type= offset= length= count= …}. */
    private void field(String[] words) {
        if (builder == null || !words[2].equals("field")) {
            throw new IllegalArgumentException("no field");
        }
        FieldType type = FieldType.valueOf(value(words[4], "type").toUpperCase(Locale.ROOT));
        int length = Integer.parseInt(value(words[6], "length"));
        int count = Integer.parseInt(value(words[7], "count"));
        String rest = words.length > 8 ? words[8] : "";
        switch (type) {
            case STRUCT -> struct(words[3], value(rest, "layout"), count);
            case UTF8 -> builder.utf8Array(words[3], length, count);
            case BYTES -> builder.bytes(words[3], length);
            case POINTER -> builder.pointerArray(words[3], rest.startsWith("target=") ? value(rest, "target") : "", count);
            default -> builder.field(words[3], 0, type, Math.multiplyExact(type.lengthBytes(), count));
        }
        builder.at(Integer.parseInt(value(words[5], "offset")));
        builder.was(earlierNames(words));
        if (words[words.length - 1].equals("local")) {
            builder.local();
        }
    }

    private static String[] earlierNames(String[] words) {
        return Stream.of(words).filter(word -> word.startsWith("was=")).map(word -> value(word, "was")).toArray(String[]::new);
    }

    private void struct(String name, String layout, int count) {
        Layout nested = known.get(layout);
        if (nested == null) {
            throw new LayoutException("line " + number + ": layout '" + builder.name() + "', field '" + name + "': unknown nested layout '" + layout
                    + "'");
        }
        builder.structArray(name, nested, count);
    }

    private void finish() {
        if (builder == null) {
            return;
        }
        try {
            last = builder.build();
        } catch (LayoutException e) {
            throw new LayoutException("line " + builderLine + ": " + e.getMessage(), e);
        }
        builder = null;
        described += last.description().length();
        if (known.put(last.name(), last) != null) {
            throw new LayoutException("line " + builderLine + ": layout '" + last.name() + "' is there twice");
        }
        if (described > maxDescribed) {
            throw new LayoutException("line " + builderLine + ": the layouts so far, each with those that it nests, have descriptions of " + described
                    + " characters, the limit is " + maxDescribed);
        }
    }

    private static String value(String word, String key) {
        if (!word.startsWith(key + "=")) {
            throw new IllegalArgumentException(key);
        }
        return word.substring(key.length() + 1);
    }
}
