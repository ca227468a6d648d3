package io.tha.follow;

import java.util.Map;

/**
 * How much of the active's state a standby's version could not hold as it is, since it was opened; docs/versions.md 2.
 *
 * @param values that did not fit, and were refused, clamped or truncated, by {@code Layout.field} in the order of their names
 * @param danglingPointers that led nowhere when the transaction that wrote them was complete, or the copy
 */
public record LossStatus(Map<String, Long> values, long danglingPointers) {}
