package io.tha.transform;

import io.tha.layout.DeclaredField;
import io.tha.layout.Layout;
import io.tha.transform.FieldMapping.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the steps of a {@link Transformation}, and says what becomes of each field.
 *
 * <p>Threads: one.
 */
final class TransformationCompiler {
    private final Conversions conversions;
    private final List<FieldMapping> mappings = new ArrayList<>();
    private final List<FieldMapping> removed = new ArrayList<>();
    private final Steps steps;

    TransformationCompiler(Layout source, Layout target, Conversions conversions) {
        this.conversions = conversions;
        steps = structure(new Pair(source, target, "", ""));
        mappings.addAll(removed);
    }

    /** Two structures, and what the paths of their fields begin with. */
    private record Pair(Layout source, Layout target, String sourcePath, String targetPath) {}

    /** Two fields of a pair that belong together. */
    private record Match(DeclaredField source, DeclaredField target, String sourcePath, Step.Place place) {
        int count() {
            return Math.min(source.count(), target.count());
        }

        boolean areNested() {
            return source.nested() != null && target.nested() != null;
        }

        /** The structures that they are, or of which they are arrays. */
        Pair nested() {
            return new Pair(source.nested(), target.nested(), sourcePath + ".", place.path() + ".");
        }
    }

    Steps steps() {
        return steps;
    }

    List<FieldMapping> mappings() {
        return List.copyOf(mappings);
    }

    /** Whether the source has nothing for a field of the target, by its path without indices. */
    boolean isNew(String path) {
        return mappings.stream()
                .anyMatch(mapping -> mapping.source() == null && (path.equals(mapping.target()) || path.startsWith(mapping.target() + ".")));
    }

    private Steps structure(Pair pair) {
        List<Step> into = new ArrayList<>();
        FieldMatch fields = new FieldMatch(pair.source(), pair.target());
        for (DeclaredField target : pair.target().fields()) {
            if (!target.local()) {
                field(pair, fields.sourceOf(target), target, into);
            }
        }
        for (DeclaredField source : fields.unmatched()) {
            removed.add(new FieldMapping(pair.sourcePath() + source.name(), null, Verdict.LOSSY, "gone, its data is not kept"));
        }
        return new Steps(into);
    }

    private void field(Pair pair, DeclaredField source, DeclaredField target, List<Step> into) {
        String path = pair.targetPath() + target.name();
        if (source == null) {
            mappings.add(new FieldMapping(null, path, Verdict.SAFE, "new, " + conversions.describeDefault(path)));
        } else {
            Step.Place place = new Step.Place(path, conversions.narrowingOf(path), source.offset(), target.offset());
            match(new Match(source, target, pair.sourcePath() + source.name(), place), into);
        }
    }

    private void match(Match match, List<Step> into) {
        DeclaredField source = match.source();
        DeclaredField target = match.target();
        boolean isCopied = match.areNested() && FieldConversion.areCopied(source.nested(), target.nested());
        if (!match.areNested() || isCopied || source.count() > 1 || target.count() > 1) {
            Verdict verdict = FieldConversion.verdict(source, target);
            String how = FieldConversion.describe(source, target, match.place().narrowing());
            mappings.add(new FieldMapping(match.sourcePath(), match.place().path(), verdict, how));
        }
        Step step = isCopied
                ? new CopyStep(match.place(), source.length() * match.count())
                : match.areNested() ? structures(match) : FieldConversion.step(source, target, match.place());
        if (step == null) {
            return;
        }
        into.add(step);
        int room = FieldConversion.roomBytes(source, target);
        int left = source.length() * source.count() - room;
        if (left > 0) {
            Step.Place place = match.place();
            into.add(new TailStep(new Step.Place(place.path(), place.narrowing(), place.source() + room, place.target()), left));
        }
    }

    private Step structures(Match match) {
        DeclaredField source = match.source();
        DeclaredField target = match.target();
        StructStep.Shape shape = new StructStep.Shape(source.nested().name(), source.length(), target.length(), match.count());
        return new StructStep(match.place(), shape, structure(match.nested()));
    }
}
