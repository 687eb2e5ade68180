// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.util.List;

/**
 * A step of the way to a column of a schema. Columns share the steps they have in common.
 *
 * @param before null for the schema itself
 * @param depth steps from there
 */
record Step(Step before, String name, int depth) {
    static final Step ROOT = new Step(null, "", 0);

    Step to(String next) {
        return new Step(this, next, depth + 1);
    }

    /** Whether these are the names of the steps up to this one. */
    boolean isPath(List<String> names) {
        Step step = this;
        if (names.size() != depth) {
            return false;
        }
        for (int i = depth - 1; i >= 0; i--) {
            if (!step.name().equals(names.get(i))) {
                return false;
            }
            step = step.before();
        }
        return true;
    }
}
