package io.tha.transform;

import io.tha.layout.Layout;
import io.tha.transform.LayoutFile.Registered;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The text of a {@link LayoutFile}; docs/versions.md 6.2. */
final class LayoutFileWriter {
    static final String MAGIC = "tha-layouts ";
    static final String HEADER = MAGIC + 1;
    static final String REGISTERED = "registered ";
    static final String NARROWING = "  narrowing ";
    static final String DEFAULT = "  default ";
    static final String RULE = "  rule ";
    static final String RULE_ARROW = " > ";
    static final String RULE_COMMA = ",";
    static final String END = "end";

    /** By depth first, which puts layouts behind those that they nest, and moves none because another one has come. */
    private static final Comparator<Layout> ORDER = Comparator.comparingInt(Layout::depth).thenComparing(Layout::name);

    private final Collection<Registered> registered;

    /** Takes what is registered, by name. */
    LayoutFileWriter(Collection<Registered> registered) {
        this.registered = registered;
    }

    String text() {
        TreeSet<Layout> layouts = new TreeSet<>(ORDER);
        registered.forEach(each -> {
            layouts.add(each.layout());
            layouts.addAll(each.layout().nested());
        });
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        layouts.forEach(layout -> text.append(layout.ownDescription()));
        registered.forEach(each -> register(each, text));
        return text.append(END).append('\n').toString();
    }

    private static void register(Registered each, StringBuilder text) {
        text.append(registeredLine(each.layout(), each.conversions().otherwise(), each.conversions().dangling())).append('\n');
        Map<String, Narrowing> narrowings = new TreeMap<>(each.conversions().narrowings());
        narrowings.forEach((path, narrowing) -> text.append(NARROWING).append(path).append('=').append(narrowing).append('\n'));
        Map<String, Object> defaults = new TreeMap<>(each.conversions().defaults());
        defaults.forEach((path, value) -> text.append(DEFAULT).append(path).append('=').append(DefaultText.of(value)).append('\n'));
        for (Rule rule : each.conversions().rules()) {
            text.append(RULE).append(String.join(RULE_COMMA, rule.older())).append(RULE_ARROW).append(String.join(RULE_COMMA, rule.newer()));
            text.append('\n');
        }
    }

    static String registeredLine(Layout layout, Narrowing narrowing, Dangling dangling) {
        return REGISTERED + layout.name() + " fingerprint=" + String.format("%016x", layout.fingerprint()) + " narrowing=" + narrowing + " dangling="
                + dangling;
    }
}
