// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import java.util.Arrays;

/**
 * Adds doubles exactly, whose sums are below 2^1023: a sum is kept as doubles of which each is below half a unit in the
 * last place of the next, since what an addition rounds off is a double again. What is not finite is added apart. Not
 * thread safe. Internal.
 *
 * <p>Source: Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997; Python's {@code math.fsum}.
 */
public final class ExactDoubles {
    /** No two hold the same bit and none is 0; the largest is the last. */
    private double[] parts = new double[4];

    private int count;
    private double notFinite;

    /** Adds a number. */
    public void add(double value) {
        if (!Double.isFinite(value)) {
            notFinite += value;
            return;
        }
        double sum = value;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            double part = parts[i];
            boolean swap = Math.abs(sum) < Math.abs(part);
            double larger = swap ? part : sum;
            double smaller = swap ? sum : part;
            sum = larger + smaller;
            double rest = smaller - (sum - larger);
            if (rest != 0) {
                parts[kept++] = rest;
            }
        }
        if (kept == parts.length) {
            parts = Arrays.copyOf(parts, 2 * kept);
        }
        if (sum != 0) {
            parts[kept++] = sum;
        }
        count = kept;
    }

    /** Adds what another has added. */
    public void add(ExactDoubles other) {
        for (int i = 0; i < other.count; i++) {
            add(other.parts[i]);
        }
        notFinite += other.notFinite;
    }

    /** Forgets all numbers. */
    public void clear() {
        count = 0;
        notFinite = 0;
    }

    /** The sum, rounded once, half to even; NaN or infinite where the sum of what was not finite is. */
    public double sum() {
        if (notFinite != 0 || count == 0) {
            return notFinite;
        }
        int i = count - 1;
        double sum = parts[i];
        double rest = 0;
        while (rest == 0 && i > 0) {
            double larger = sum;
            double smaller = parts[--i];
            sum = larger + smaller;
            rest = smaller - (sum - larger);
        }
        // A rest of half a unit was rounded to even; what lies below it may say that it is more than half.
        if (i > 0 && rest != 0 && Math.signum(rest) == Math.signum(parts[i - 1])) {
            double next = sum + 2 * rest;
            if (2 * rest == next - sum) {
                sum = next;
            }
        }
        return sum;
    }
}
