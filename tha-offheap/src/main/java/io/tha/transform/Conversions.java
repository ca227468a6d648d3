package io.tha.transform;

import io.tha.layout.Layout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a layout takes over what another version of it has: the policies of its fields for values that do not fit, what new fields hold, and the rules
 * between fields of different versions.
 *
 * <p>Threads: immutable.
 */
public final class Conversions {
    /** Nothing declared: what does not fit is refused, new fields are zero. */
    public static final Conversions NONE = new Conversions(Narrowing.FAIL, Map.of(), Map.of(), Dangling.KEEP, List.of());

    private final Narrowing otherwise;
    private final Map<String, Narrowing> narrowings;
    private final Map<String, Object> defaults;
    private final Dangling dangling;
    private final List<Rule> rules;

    private Conversions(
            Narrowing otherwise, Map<String, Narrowing> narrowings, Map<String, Object> defaults, Dangling dangling, List<Rule> rules) {
        this.otherwise = otherwise;
        this.narrowings = narrowings;
        this.defaults = defaults;
        this.dangling = dangling;
        this.rules = rules;
    }

    /** Takes maps by path; of defaults, {@link Long}, {@link Double} or text. */
    static Conversions of(
            Narrowing otherwise, Map<String, Narrowing> narrowings, Map<String, Object> defaults, Dangling dangling, List<Rule> rules) {
        return new Conversions(otherwise, Map.copyOf(narrowings), Map.copyOf(defaults), dangling, List.copyOf(rules));
    }

    /** All fields without a policy of their own get this one; {@link Narrowing#FAIL} unless it is said. */
    public Conversions narrowing(Narrowing narrowing) {
        return new Conversions(narrowing, narrowings, defaults, dangling, rules);
    }

    /**
     * The policy of a field.
     *
     * @param path such as {@code legs.delay}, without indices; below it, of all that have none of their own
     */
    public Conversions narrowing(String path, Narrowing narrowing) {
        return new Conversions(otherwise, with(narrowings, path, narrowing), defaults, dangling, rules);
    }

    /** What a field holds that the other version has not: a whole number, a truth value as 0 or 1, or the code of a UTF-16 unit. */
    public Conversions defaultTo(String path, long value) {
        return new Conversions(otherwise, narrowings, with(defaults, path, value), dangling, rules);
    }

    /** What a field holds that the other version has not. */
    public Conversions defaultTo(String path, double value) {
        return new Conversions(otherwise, narrowings, with(defaults, path, value), dangling, rules);
    }

    /** What a field of text holds that the other version has not. */
    public Conversions defaultTo(String path, String value) {
        return new Conversions(otherwise, narrowings, with(defaults, path, value), dangling, rules);
    }

    /** What becomes of pointers that dangle, of all fields of the layout; {@link Dangling#KEEP} unless it is said. */
    public Conversions dangling(Dangling policy) {
        return new Conversions(otherwise, narrowings, defaults, policy, rules);
    }

    /** Adds a rule between fields of an earlier version and those that have taken their place; they are applied in the order of declaration. */
    public Conversions rule(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new Conversions(otherwise, narrowings, defaults, dangling, List.copyOf(more));
    }

    /** In the order in which they are applied. */
    public List<Rule> rules() {
        return rules;
    }

    /** What becomes of pointers that dangle. */
    public Dangling dangling() {
        return dangling;
    }

    private static <T> Map<String, T> with(Map<String, T> map, String path, T value) {
        Map<String, T> more = new LinkedHashMap<>(map);
        more.put(path, value);
        return more;
    }

    Narrowing narrowingOf(String path) {
        for (String at = path; ; at = at.substring(0, at.lastIndexOf('.'))) {
            Narrowing narrowing = narrowings.get(at);
            if (narrowing != null) {
                return narrowing;
            }
            if (at.indexOf('.') < 0) {
                return otherwise;
            }
        }
    }

    Narrowing otherwise() {
        return otherwise;
    }

    /** By path. */
    Map<String, Narrowing> narrowings() {
        return narrowings;
    }

    /** By path. */
    Map<String, Object> defaults() {
        return defaults;
    }

    boolean hasDefaults() {
        return !defaults.isEmpty();
    }

    /** What a new field holds, in words. */
    String describeDefault(String path) {
        for (Rule rule : rules) {
            if (rule.newer().contains(path) || rule.older().contains(path)) {
                return "computed by a rule from " + String.join(", ", rule.newer().contains(path) ? rule.older() : rule.newer());
            }
        }
        Object value = defaults.get(path);
        return value == null ? "zero" : DefaultText.of(value);
    }

    /** Null where none is declared. */
    Object defaultOf(String path) {
        return defaults.get(path);
    }

    /**
     * Checks that all that is declared fits a layout.
     *
     * @throws io.tha.layout.LayoutException that lists what does not
     */
    public void check(Layout layout) {
        new ConversionsCheck(layout).check(narrowings.keySet(), defaults, rules);
    }
}
