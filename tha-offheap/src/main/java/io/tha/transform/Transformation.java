package io.tha.transform;

import io.tha.LayoutMismatchException;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import java.util.List;
import java.util.stream.Collectors;

/**
 * From one layout's bytes to another's: made once for each pair, fields matched by name; docs/versions.md.
 *
 * <p>Threads: immutable.
 */
public final class Transformation {
    private final Layout source;
    private final Layout target;
    private final Steps steps;
    /** What an object is before anything of the source came: null for zeros. */
    private final byte[] initial;

    private final List<Rule> toNewer;
    private final List<Rule> toOlder;

    private Transformation(TransformationCompiler compiler, Layout source, Layout target, Conversions conversions) {
        this.source = source;
        this.target = target;
        steps = compiler.steps();
        initial = InitialContent.of(source, target, conversions);
        toNewer = conversions.rules().stream().filter(rule -> rule.newer().stream().anyMatch(compiler::isNew)).toList();
        toOlder = conversions.rules().stream()
                .filter(rule -> !toNewer.contains(rule) && rule.older().stream().anyMatch(compiler::isNew))
                .toList();
    }

    /**
     * Matches two layouts.
     *
     * @param conversions of the target
     * @throws LayoutMismatchException that lists the fields of which nothing can be made
     */
    public static Transformation of(Layout source, Layout target, Conversions conversions) {
        TransformationCompiler compiler = new TransformationCompiler(source, target, conversions);
        String problems = compiler.mappings().stream()
                .filter(mapping -> mapping.verdict() == FieldMapping.Verdict.INCOMPATIBLE)
                .map(mapping -> "field '" + mapping.target() + "': " + mapping.how())
                .collect(Collectors.joining("; "));
        if (!problems.isEmpty()) {
            throw new LayoutMismatchException("layout '" + target.name() + "' cannot take over what the other version has: " + problems
                    + "; declare a rule, or another name for the new field");
        }
        return new Transformation(compiler, source, target, conversions);
    }

    /** What becomes of each field, in the order of the target's declaration, then those that only the source has. */
    public static List<FieldMapping> compare(Layout source, Layout target, Conversions conversions) {
        return new TransformationCompiler(source, target, conversions).mappings();
    }

    public Layout source() {
        return source;
    }

    public Layout target() {
        return target;
    }

    /** Makes the target what it is before anything of the source came: zeros, and the defaults of fields that the source has not. */
    public void initialize(long targetAddress) {
        if (initial == null) {
            Memory.zero(targetAddress, target.sizeBytes());
        } else {
            Memory.copyFrom(initial, 0, targetAddress, initial.length);
        }
    }

    /**
     * Transforms a range of the source that cuts no value but raw bytes.
     *
     * @param sourceStart address where the source begins, or would: only the range is read
     * @param from offset in the source
     * @param to offset in the source, behind the range
     * @param targetStart address where the target begins
     */
    public void apply(long sourceStart, int from, int to, long targetStart, Receiver receiver) {
        steps.apply(sourceStart, from, to, targetStart, receiver);
    }

    /** Whether rules have to {@link #compute} what the source has not. */
    public boolean computes() {
        return !toNewer.isEmpty() || !toOlder.isEmpty();
    }

    /**
     * Computes what the source has not from what has come of it, when all of a transaction has come.
     *
     * @throws LayoutMismatchException if a function fails
     */
    public void compute(ObjectMemory memory, long object) {
        for (int i = 0; i < toNewer.size(); i++) {
            toNewer.get(i).computeNewer(memory, object);
        }
        for (int i = 0; i < toOlder.size(); i++) {
            toOlder.get(i).computeOlder(memory, object);
        }
    }

    /**
     * Where something that begins at an offset of the source is in the target; -1 if nowhere.
     *
     * @param layoutName of what begins there, where a pointer's declaration tells; empty for the innermost value
     */
    public int targetOffset(int sourceOffset, String layoutName) {
        boolean isWhole = sourceOffset == 0 && (layoutName.isEmpty() || layoutName.equals(source.name()));
        return isWhole ? 0 : steps.targetOffset(sourceOffset, layoutName);
    }
}
