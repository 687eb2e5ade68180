// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import org.apache.commons.lang3.Validate;

/**
 * Neighbouring codes from {@code low} to {@code high}, both included. Immutable and thread safe.
 *
 * @param low the smallest code
 * @param high the largest code, at least {@code low}
 */
public record CodeRange(int low, int high) {
    public CodeRange {
        Validate.isTrue(low <= high, "code range must have low <= high, was %s..%s", low, high);
    }

    /** The code of this range nearest to {@code code}. */
    public int clip(int code) {
        return Math.min(Math.max(code, low), high);
    }

    /** Whether {@code code} is one of this range. */
    public boolean contains(int code) {
        return code >= low && code <= high;
    }

    @Override
    public String toString() {
        return low + ".." + high;
    }
}
