package io.tha.layout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives each field its offset, and finds everything that is wrong with a declaration. */
final class LayoutPlacer {
    /** Names travel in one-byte lengths in some formats of later versions, and are printed in tables. */
    private static final int MAX_NAME_LENGTH = 255;

    private static final int MAX_DEPTH = 16;

    /** Each is walked, compared and transformed by itself: a short text could otherwise declare so many that nothing ends. */
    private static final int MAX_FIELD_TOTAL = 1 << 18;

    private final String name;
    private final List<String> earlierNames;
    private final int declaredSize;
    private final List<String> problems = new ArrayList<>();

    LayoutPlacer(String name, List<String> earlierNames, int declaredSize) {
        this.name = name;
        this.earlierNames = earlierNames;
        this.declaredSize = declaredSize;
    }

    Layout place(List<LayoutBuilder.Declaration> declarations, Map<String, Layout> known) {
        checkName(name, "the layout's name");
        if (declarations.isEmpty() || declarations.size() > LayoutBuilder.MAX_FIELDS) {
            problem("it has " + declarations.size() + " fields, expected 1 to " + LayoutBuilder.MAX_FIELDS);
        }
        List<DeclaredField> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long end = 0;
        int alignment = 1;
        for (LayoutBuilder.Declaration declaration : declarations) {
            Layout nested = declaration.nested != null || declaration.type != FieldType.STRUCT ? declaration.nested : known.get(declaration.target);
            int own = alignmentOf(declaration, nested);
            long offset = LayoutBuilder.isNatural(declaration.offset) ? (end + own - 1) / own * own : declaration.offset;
            DeclaredField field = check(declaration, nested, offset, names);
            alignment = Math.max(alignment, own);
            if (field != null) {
                fields.add(field);
                end = Math.max(end, field.end());
            }
        }
        checkOverlaps(fields);
        checkNested(fields);
        checkEarlierNames(declarations);
        long size = size(end, alignment);
        if (!problems.isEmpty()) {
            throw new LayoutException("layout '" + name + "': " + String.join("; ", problems));
        }
        return new Layout(new Layout.Names(name, earlierNames), (int) size, alignment, fields);
    }

    private DeclaredField check(LayoutBuilder.Declaration declaration, Layout nested, long offset, Set<String> names) {
        String field = "field '" + declaration.name + "'";
        checkName(declaration.name, field);
        if (!names.add(declaration.name)) {
            problem(field + ": the name is used twice");
        }
        int length = nested == null ? declaration.length : nested.sizeBytes();
        if (length <= 0 || declaration.count <= 0) {
            problem(field + ": " + declaration.count + " values of " + length + " bytes, expected a positive count and length");
            return null;
        }
        int own = alignmentOf(declaration, nested);
        if (offset < 0 || offset % own != 0) {
            problem(field + ": offset " + offset + " is misaligned, expected a multiple of " + own);
        }
        if (offset < 0 || offset + (long) length * declaration.count > LayoutBuilder.MAX_SIZE) {
            problem(field + ": ends at byte " + (offset + (long) length * declaration.count) + ", the limit is " + LayoutBuilder.MAX_SIZE);
            return null;
        }
        String target = declaration.type == FieldType.POINTER ? declaration.target : "";
        if (!target.isEmpty()) {
            checkName(target, field + ", target");
        }
        return new DeclaredField(
                declaration.name, declaration.type, (int) offset, length, declaration.count, target, nested, declaration.local,
                declaration.earlierNames);
    }

    private static int alignmentOf(LayoutBuilder.Declaration declaration, Layout nested) {
        return nested != null ? nested.alignment() : Math.max(1, declaration.type.lengthBytes());
    }

    private void checkOverlaps(List<DeclaredField> fields) {
        List<DeclaredField> sorted = new ArrayList<>(fields);
        sorted.sort(Comparator.comparingInt(DeclaredField::offset));
        for (int i = 1; i < sorted.size(); i++) {
            DeclaredField before = sorted.get(i - 1);
            DeclaredField field = sorted.get(i);
            if (before.end() > field.offset()) {
                problem("field '" + field.name() + "' at " + field.offset() + " overlaps field '" + before.name()
                        + "', which ends at " + before.end());
            }
        }
    }

    private void checkEarlierNames(List<LayoutBuilder.Declaration> declarations) {
        earlierNames.forEach(earlier -> checkName(earlier, "an earlier name of the layout"));
        Set<String> known = new HashSet<>();
        for (LayoutBuilder.Declaration declaration : declarations) {
            for (String earlier : declaration.earlierNames) {
                checkName(earlier, "field '" + declaration.name + "', earlier name");
                if (earlier.equals(declaration.name) || !known.add(earlier)) {
                    problem("field '" + declaration.name + "': the earlier name '" + earlier + "' is its own, or declared twice");
                }
            }
        }
    }

    private void checkNested(List<DeclaredField> fields) {
        Map<String, Layout> nested = new HashMap<>();
        long total = fields.size();
        for (DeclaredField field : fields) {
            if (field.nested() != null) {
                collect(field.nested(), nested, field);
                total += field.nested().fieldTotal();
                if (field.nested().depth() + 1 >= MAX_DEPTH) {
                    problem("field '" + field.name() + "': structures are nested " + (field.nested().depth() + 2) + " deep, the limit is "
                            + MAX_DEPTH);
                }
            }
        }
        if (total > MAX_FIELD_TOTAL) {
            problem("it has " + total + " fields with those of its nested structures, the limit is " + MAX_FIELD_TOTAL);
        }
    }

    private void collect(Layout layout, Map<String, Layout> into, DeclaredField at) {
        Layout other = into.putIfAbsent(layout.name(), layout);
        if (layout.name().equals(name) || other != null && !other.equals(layout)) {
            problem("field '" + at.name() + "': two different layouts named '" + layout.name() + "' are nested in it");
        }
        if (other == null) {
            layout.fields().stream().filter(field -> field.nested() != null).forEach(field -> collect(field.nested(), into, at));
        }
    }

    private long size(long end, int alignment) {
        long natural = (end + alignment - 1) / alignment * alignment;
        if (LayoutBuilder.isNatural(declaredSize)) {
            return Math.max(natural, 1);
        }
        if (declaredSize < end || declaredSize > LayoutBuilder.MAX_SIZE || declaredSize % alignment != 0) {
            problem("size " + declaredSize + " is declared, expected a multiple of " + alignment + " from " + end + " to " + LayoutBuilder.MAX_SIZE);
        }
        return declaredSize;
    }

    private void checkName(String text, String what) {
        if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_LENGTH) {
            problem(what + " has " + text.length() + " characters, expected 1 to " + MAX_NAME_LENGTH + " bytes of UTF-8");
        }
        BitSet forbidden = new BitSet();
        ".[]=#'".chars().forEach(forbidden::set);
        if (text.codePoints().anyMatch(c -> forbidden.get(c) || Character.isWhitespace(c) || Character.isISOControl(c)
                || Character.getType(c) == Character.SURROGATE)) {
            problem(what + " '" + text + "' holds white space or one of . [ ] = # '");
        }
    }

    private void problem(String text) {
        problems.add(text);
    }
}
