package io.tha.transform;

import io.tha.layout.Layout;
import io.tha.transform.FieldMapping.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two versions of a service's layouts beside each other, in both directions: for a test that fails before an incompatible version is deployed.
 *
 * <pre>
 *   LayoutComparison.of(LayoutFile.read(released), LayoutFile.of(airport, route)).requireAtMost(Verdict.SAFE, Verdict.LOSSY);
 * </pre>
 *
 * <p>Threads: immutable.
 */
public final class LayoutComparison {
    private final LayoutFile older;
    private final LayoutFile newer;
    private final List<LayoutMapping> upgrade;
    private final List<LayoutMapping> downgrade;

    private LayoutComparison(LayoutFile older, LayoutFile newer) {
        this.older = older;
        this.newer = newer;
        upgrade = map(older, newer);
        downgrade = map(newer, older);
    }

    /** Compares. */
    public static LayoutComparison of(LayoutFile older, LayoutFile newer) {
        return new LayoutComparison(older, newer);
    }

    private static List<LayoutMapping> map(LayoutFile active, LayoutFile standby) {
        List<LayoutMapping> mappings = new ArrayList<>();
        Map<String, String> taken = new HashMap<>();
        for (Layout source : active.layouts()) {
            Layout target = LayoutMatch.counterpart(source, standby.layouts()).orElse(null);
            mappings.add(target == null ? new LayoutMapping(source.name(), null, List.of(), "") : map(source, target, standby, taken));
        }
        standby.layouts().stream()
                .filter(target -> !taken.containsKey(target.name()))
                .forEach(target -> mappings.add(new LayoutMapping(null, target.name(), List.of(), "")));
        return List.copyOf(mappings);
    }

    private static LayoutMapping map(Layout source, Layout target, LayoutFile standby, Map<String, String> taken) {
        String other = taken.putIfAbsent(target.name(), source.name());
        String refusal = other == null
                ? ""
                : "layouts '" + other + "' and '" + source.name() + "' of the active cannot both be '" + target.name() + "'";
        List<FieldMapping> fields = Transformation.compare(source, target, standby.conversions(target.name()));
        return new LayoutMapping(source.name(), target.name(), fields, refusal);
    }

    /** What a standby of the newer version makes of an active's objects of the older: layouts of the active by name, then those that it has not. */
    public List<LayoutMapping> upgrade() {
        return upgrade;
    }

    /** What a standby of the older version makes of an active's objects of the newer, in the same order. */
    public List<LayoutMapping> downgrade() {
        return downgrade;
    }

    /** The worst of all in both directions. */
    public Verdict verdict() {
        Verdict up = worst(upgrade);
        Verdict down = worst(downgrade);
        return up.compareTo(down) > 0 ? up : down;
    }

    private static Verdict worst(List<LayoutMapping> mappings) {
        return mappings.stream().map(LayoutMapping::verdict).max(Comparator.naturalOrder()).orElse(Verdict.SAFE);
    }

    /** For people: a table for each direction, with a line for each field; then a line with both verdicts. */
    public String report() {
        ComparisonReport report = new ComparisonReport();
        report.direction("upgrade", "active " + older.name() + ", standby " + newer.name(), upgrade);
        report.direction("downgrade", "active " + newer.name() + ", standby " + older.name(), downgrade);
        return report + "upgrade=" + ComparisonReport.text(worst(upgrade)) + " downgrade=" + ComparisonReport.text(worst(downgrade)) + "\n";
    }

    /**
     * For tests, of whatever framework.
     *
     * @param atMostUpgrade the worst that is permitted when a standby of the newer version takes over
     * @param atMostDowngrade the same for one of the older version
     * @throws AssertionError with the report, if it is worse
     */
    public void requireAtMost(Verdict atMostUpgrade, Verdict atMostDowngrade) {
        if (worst(upgrade).compareTo(atMostUpgrade) > 0 || worst(downgrade).compareTo(atMostDowngrade) > 0) {
            throw new AssertionError("the layouts '" + newer.name() + "' do not go with '" + older.name() + "': permitted are upgrade="
                    + ComparisonReport.text(atMostUpgrade) + " downgrade=" + ComparisonReport.text(atMostDowngrade) + ", found is\n" + report());
        }
    }
}
