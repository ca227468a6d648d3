package io.tha.layout;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Reads a description; whatever it accepts describes itself with the very same text. */
final class LayoutParser {
    /** A description is at most this long, so that a hostile one cannot exhaust the heap. */
    static final int MAX_LENGTH = 4 << 20;

    private final Map<String, Layout> known = new LinkedHashMap<>();
    private LayoutBuilder builder;
    private Layout last;

    private LayoutParser() {}

    static Layout parse(String description) {
        if (description.length() > MAX_LENGTH) {
            throw new LayoutException("description of " + description.length() + " characters, the limit is " + MAX_LENGTH);
        }
        LayoutParser parser = new LayoutParser();
        int number = 0;
        for (String line : description.split("\n")) {
            number++;
            try {
                parser.line(line);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw malformed(number, line);
            } catch (IllegalArgumentException e) {
                throw malformed(number, line);
            }
        }
        parser.finish();
        if (parser.last == null || !parser.last.description().equals(description)) {
            throw new LayoutException("description is not canonical: expected\n" + parser.last + "found\n" + description);
        }
        return parser.last;
    }

    private void line(String line) {
        String[] words = line.split(" ");
        if (words[0].equals("layout")) {
            finish();
            builder = Layout.named(words[1]).size(Integer.parseInt(value(words[2], "size"))).renamedFrom(earlierNames(words));
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
            throw new LayoutException("layout '" + builder.name() + "', field '" + name + "': unknown nested layout '" + layout + "'");
        }
        builder.structArray(name, nested, count);
    }

    private void finish() {
        if (builder != null) {
            last = builder.build();
            known.put(last.name(), last);
            builder = null;
        }
    }

    private static String value(String word, String key) {
        if (!word.startsWith(key + "=")) {
            throw new IllegalArgumentException(key);
        }
        return word.substring(key.length() + 1);
    }

    private static LayoutException malformed(int number, String line) {
        return new LayoutException("description, line " + number + ": expected 'layout NAME size=N alignment=N' or"
                + " '  field NAME type=T offset=N length=N count=N …', found '" + line + "'");
    }
}
