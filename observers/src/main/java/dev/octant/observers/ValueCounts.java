// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import org.apache.commons.lang3.Validate;

/**
 * How many values were observed, of which kind, and the ends of the finite ones: the min-max summary.
 *
 * <p>{@code min} and {@code max} span the finite values only, and are NaN where there are none; -0.0 is 0.0. Immutable
 * and thread safe.
 *
 * @param count all values, whatever their kind
 * @param zeros values equal to 0, of either sign
 * @param nan values that are not a number
 * @param positiveInfinities values equal to +Inf
 * @param negativeInfinities values equal to -Inf
 * @param min the smallest finite value, or NaN
 * @param max the largest finite value, or NaN
 */
public record ValueCounts(
        long count, long zeros, long nan, long positiveInfinities, long negativeInfinities, float min, float max)
        implements Summary<ValueCounts>, Ranged {
    /** Nothing observed: the neutral element of {@link #merge}. */
    public static final ValueCounts NONE = new ValueCounts(0, 0, 0, 0, 0, Float.NaN, Float.NaN);

    /**
     * Counts from their parts.
     *
     * @throws IllegalArgumentException if a count is negative, the kinds exceed {@code count}, or the ends are not
     *     ordered and finite (NaN when no value is finite)
     */
    public ValueCounts {
        Validate.isTrue(
                zeros >= 0 && nan >= 0 && positiveInfinities >= 0 && negativeInfinities >= 0,
                "counts must not be negative, was zeros %s, NaN %s, +Inf %s, -Inf %s",
                zeros,
                nan,
                positiveInfinities,
                negativeInfinities);
        // Compared with what is left of the count, not summed: a sum could pass the longs.
        Validate.isTrue(
                zeros <= count
                        && nan <= count - zeros
                        && positiveInfinities <= count - zeros - nan
                        && negativeInfinities <= count - zeros - nan - positiveInfinities,
                "count must be at least zeros, NaN and infinities together (%s, %s, %s and %s), was %s",
                zeros,
                nan,
                positiveInfinities,
                negativeInfinities,
                count);
        if (count - nan - positiveInfinities - negativeInfinities == 0) {
            Validate.isTrue(
                    Float.isNaN(min) && Float.isNaN(max),
                    "min and max must be NaN when no value is finite, was %s and %s",
                    min,
                    max);
        } else {
            Validate.isTrue(
                    Float.isFinite(min) && Float.isFinite(max) && min <= max,
                    "min and max must be finite and ordered, was %s and %s",
                    min,
                    max);
        }
        min += 0f; // turns -0.0 into 0.0, so that equal ends are equal records
        max += 0f;
    }

    /** How many values are neither NaN nor infinite. */
    public long finite() {
        return count - nan - positiveInfinities - negativeInfinities;
    }

    /** {@code [min, max]}, the span of the finite values. */
    @Override
    public RealRange range() {
        if (finite() == 0) {
            throw new IllegalStateException("observed values must include a finite one, was none of " + count);
        }
        return RealRange.of(min, max);
    }

    @Override
    public ValueCounts merge(ValueCounts other) {
        Given.require("other", other);
        // No kind can overflow when their total does not.
        return new ValueCounts(
                Math.addExact(count, other.count),
                zeros + other.zeros,
                nan + other.nan,
                positiveInfinities + other.positiveInfinities,
                negativeInfinities + other.negativeInfinities,
                other.finite() == 0 ? min : finite() == 0 ? other.min : Math.min(min, other.min),
                other.finite() == 0 ? max : finite() == 0 ? other.max : Math.max(max, other.max));
    }
}
