package io.tha.active;

import io.tha.pool.Registry;
import java.util.Arrays;

/**
 * Which groups belong to an open transaction.
 *
 * <p>Threads: guarded by {@link OpenTransactions}.
 */
final class GroupClaims {
    private final Registry registry;
    private boolean[] claimed = new boolean[16];
    private boolean all;
    private int count;

    GroupClaims(Registry registry) {
        this.registry = registry;
    }

    void claimAll() {
        if (all || count > 0) {
            throw conflict(all ? "all groups" : count + " groups");
        }
        all = true;
    }

    /** Claims all of them or none. */
    void claim(int[] groups, int groupCount) {
        for (int i = 0; i < groupCount; i++) {
            int group = groups[i];
            if (registry.groupName(group) == null) {
                release(groups, i);
                throw new IllegalArgumentException("there is no group " + group + "; create it first");
            }
            if (all || group < claimed.length && claimed[group]) {
                release(groups, i);
                throw conflict(all ? "all groups" : "group " + group);
            }
            if (group >= claimed.length) {
                claimed = Arrays.copyOf(claimed, Math.max(group + 1, claimed.length * 2));
            }
            claimed[group] = true;
            count++;
        }
    }

    private static IllegalStateException conflict(String what) {
        return new IllegalStateException("an open transaction has " + what + " already; commit or close it first, or begin with other groups");
    }

    void releaseAll() {
        all = false;
    }

    void release(int[] groups, int groupCount) {
        for (int i = 0; i < groupCount; i++) {
            claimed[groups[i]] = false;
            count--;
        }
    }
}
