package io.tha.follow;

import io.tha.pool.LayoutEntry;
import io.tha.transform.Conversions;
import io.tha.transform.Transformation;

/**
 * A layout of the active, and what its objects are here.
 *
 * @param peer with the active's id
 * @param local with the id of the pool here
 * @param transformation between them; null where they are equal
 * @param conversions that this side has declared
 */
record PeerLayout(LayoutEntry peer, LayoutEntry local, Transformation transformation, Conversions conversions) {
    boolean isTransformed() {
        return transformation != null;
    }
}
