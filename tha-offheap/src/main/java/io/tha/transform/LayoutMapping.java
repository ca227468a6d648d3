package io.tha.transform;

import io.tha.transform.FieldMapping.Verdict;
import java.util.Comparator;
import java.util.List;

/**
 * What becomes of the objects of one layout between two versions.
 *
 * @param source its name in the active's version, null if that has none
 * @param target its name in the standby's, null if that has none
 * @param fields as {@link Transformation#compare} has them; empty where one of the versions has no such layout
 * @param refusal why the standby would refuse the layout whatever its fields are, else empty
 */
public record LayoutMapping(String source, String target, List<FieldMapping> fields, String refusal) {
    /** Keeps a copy of the list. */
    public LayoutMapping {
        fields = List.copyOf(fields);
    }

    /** The worst of its fields'; safe where one of the versions has no such layout: what the standby does not know, it keeps as it is. */
    public Verdict verdict() {
        Verdict worst = fields.stream().map(FieldMapping::verdict).max(Comparator.naturalOrder()).orElse(Verdict.SAFE);
        return refusal.isEmpty() ? worst : Verdict.INCOMPATIBLE;
    }
}
