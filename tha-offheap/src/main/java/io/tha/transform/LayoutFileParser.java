package io.tha.transform;

import io.tha.layout.Layout;
import io.tha.layout.LayoutException;
import io.tha.transform.LayoutFile.Registered;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads the text of a {@link LayoutFile}, and nothing but what {@link LayoutFileWriter} would write. */
final class LayoutFileParser {
    private static final int MAX_SHOWN = 200;

    private final String name;
    private final String[] lines;
    /** Index of the line that is read next. */
    private int next;

    private LayoutFileParser(String name, String text) {
        this.name = name;
        lines = text.split("\n", -1);
    }

    static LayoutFile read(Path path) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            // Not the file's size, which says nothing of a device or a pipe.
            bytes = in.readNBytes(LayoutFile.MAX_LENGTH_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("layout file '" + path + "' cannot be read: " + e, e);
        }
        if (bytes.length > LayoutFile.MAX_LENGTH_BYTES) {
            throw new LayoutException("layout file '" + path + "' has more than " + LayoutFile.MAX_LENGTH_BYTES + " bytes; is it another file?");
        }
        return parse(path.toString(), decode(path, bytes));
    }

    static LayoutFile parse(String name, String text) {
        return new LayoutFileParser(name, text).parse();
    }

    private static String decode(Path path, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            String before = new String(bytes, 0, in.position(), StandardCharsets.UTF_8);
            throw new LayoutException("layout file '" + path + "', line " + before.split("\n", -1).length + ": expected UTF-8, found byte 0x"
                    + Integer.toHexString(bytes[in.position()] & 0xFF) + " at " + in.position());
        }
        return out.flip().toString();
    }

    private LayoutFile parse() {
        if (!lines[0].equals(LayoutFileWriter.HEADER)) {
            boolean isLayoutFile = lines[0].startsWith(LayoutFileWriter.MAGIC);
            throw unexpected(0, "'" + LayoutFileWriter.HEADER + "'",
                    isLayoutFile ? "; use the version of THA that has written it" : "; is it another file?");
        }
        // The last is what stands behind the last line's end.
        int end = lines.length - 2;
        if (!lines[lines.length - 1].isEmpty() || !lines[end].equals(LayoutFileWriter.END)) {
            throw unexpected(lines.length - 1, "'" + LayoutFileWriter.END + "' as the last line", "; the file was cut, write it again");
        }
        next = 1;
        Map<String, Layout> layouts = layouts();
        List<Registered> registered = new ArrayList<>();
        while (next < end) {
            registered.add(register(layouts));
        }
        LayoutFile file = at(end, () -> LayoutFile.of(name, registered));
        requireCanonical(file.text());
        return file;
    }

    private Map<String, Layout> layouts() {
        int first = next;
        while (!lines[next].startsWith(LayoutFileWriter.REGISTERED) && !lines[next].equals(LayoutFileWriter.END)) {
            next++;
        }
        if (next == first) {
            return Map.of();
        }
        String text = Arrays.stream(lines, first, next).collect(Collectors.joining("\n", "", "\n"));
        try {
            return Layout.parseAll(text, first + 1).stream().collect(Collectors.toMap(Layout::name, Function.identity()));
        } catch (LayoutException e) {
            throw new LayoutException("layout file '" + name + "', " + e.getMessage(), e);
        }
    }

    /** A layout's registration, with the conversions that follow. */
    private Registered register(Map<String, Layout> layouts) {
        int line = next++;
        String[] words = lines[line].split(" ");
        Layout layout = words.length > 1 ? layouts.get(words[1]) : null;
        Narrowing otherwise = words.length > 3 ? constant(Narrowing.values(), "narrowing=", words[3]) : null;
        Dangling dangling = words.length > 4 ? constant(Dangling.values(), "dangling=", words[4]) : null;
        if (layout == null || otherwise == null || dangling == null) {
            throw unexpected(line, "'registered LAYOUT fingerprint=HEX narrowing=FAIL|CLAMP|TRUNCATE dangling=KEEP|NULL|FAIL' with a layout from"
                    + " above", "");
        }
        String expected = LayoutFileWriter.registeredLine(layout, otherwise, dangling);
        if (!lines[line].equals(expected)) {
            throw unexpected(line, "'" + expected + "'", "; the layout was changed by hand, write the file again");
        }
        Map<String, Narrowing> narrowings = new HashMap<>();
        Map<String, Object> defaults = new HashMap<>();
        while (lines[next].startsWith(LayoutFileWriter.NARROWING) || lines[next].startsWith(LayoutFileWriter.DEFAULT)) {
            conversion(next++, narrowings, defaults);
        }
        List<Rule> rules = new ArrayList<>();
        while (lines[next].startsWith(LayoutFileWriter.RULE)) {
            rules.add(rule(next++));
        }
        Conversions conversions = Conversions.of(otherwise, narrowings, defaults, dangling, rules);
        return at(line, () -> {
            conversions.check(layout);
            return new Registered(layout, conversions);
        });
    }

    private Rule rule(int line) {
        String[] sides = lines[line].substring(LayoutFileWriter.RULE.length()).split(LayoutFileWriter.RULE_ARROW, -1);
        if (sides.length != 2) {
            throw unexpected(line, "'  rule PATH,… > PATH,…'", "");
        }
        ObjectFunction none = (memory, object) -> {
            throw new UnsupportedOperationException("layout file '" + name + "': what a rule does is not in a file");
        };
        return new Rule(
                List.of(sides[0].split(LayoutFileWriter.RULE_COMMA, -1)), List.of(sides[1].split(LayoutFileWriter.RULE_COMMA, -1)), none, none);
    }

    private void conversion(int line, Map<String, Narrowing> narrowings, Map<String, Object> defaults) {
        boolean narrows = lines[line].startsWith(LayoutFileWriter.NARROWING);
        String declared = lines[line].substring((narrows ? LayoutFileWriter.NARROWING : LayoutFileWriter.DEFAULT).length());
        int sign = declared.indexOf('=');
        Object value = narrows ? constant(Narrowing.values(), "", declared.substring(sign + 1)) : DefaultText.parse(declared.substring(sign + 1));
        if (sign < 0 || value == null) {
            throw unexpected(line, "'  narrowing PATH=FAIL|CLAMP|TRUNCATE' or '  default PATH=NUMBER|\"TEXT\"'", "");
        }
        String path = declared.substring(0, sign);
        if (narrows) {
            narrowings.put(path, (Narrowing) value);
        } else {
            defaults.put(path, value);
        }
    }

    /** Null for any other text. */
    private static <T extends Enum<T>> T constant(T[] constants, String prefix, String text) {
        return Arrays.stream(constants).filter(constant -> text.equals(prefix + constant.name())).findFirst().orElse(null);
    }

    /** What is accepted is also what would be written: so nothing is passed over, said twice or in two ways. */
    private void requireCanonical(String text) {
        String[] expected = text.split("\n", -1);
        int line = Arrays.mismatch(lines, expected);
        if (line >= 0) {
            throw unexpected(line, line < expected.length ? "'" + expected[line] + "'" : "no more", "; write the file again");
        }
    }

    private <T> T at(int line, Supplier<T> made) {
        try {
            return made.get();
        } catch (LayoutException e) {
            throw new LayoutException("layout file '" + name + "', line " + (line + 1) + ": " + e.getMessage(), e);
        }
    }

    private LayoutException unexpected(int line, String expected, String whatToDo) {
        String found = line < lines.length ? lines[line] : "";
        return new LayoutException("layout file '" + name + "', line " + (line + 1) + ": expected " + expected + ", found '" + shown(found) + "'"
                + whatToDo);
    }

    /** A line of a file that is none may be of any length, and hold anything. */
    private static String shown(String text) {
        String cut = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
        return cut.chars()
                .mapToObj(c -> Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString(c))
                .collect(Collectors.joining());
    }
}
