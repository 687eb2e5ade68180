// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import org.apache.commons.lang3.Validate;

/**
 * A closed interval {@code [min, max]} of real values. Ends may be infinite: {@code [0, +Inf]} is the codomain of ReLU.
 *
 * <p>NaN ends and {@code min > max} are refused. -0.0 and 0.0 are the same end. Immutable and thread safe.
 *
 * @param min the lower end, at most {@code max}
 * @param max the upper end
 */
public record RealRange(double min, double max) implements Ranged {
    /** Every real number, the codomain of the identity. */
    public static final RealRange ALL = new RealRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** {@code [0, 1]}, the codomain of sigmoid and softmax. */
    public static final RealRange UNIT = new RealRange(0, 1);

    public RealRange {
        Validate.isTrue(min <= max, "range must have min <= max and no NaN, was [%s, %s]", min, max);
        min += 0.0; // turns -0.0 into 0.0, so that equal ranges are equal records
        max += 0.0;
    }

    /** The interval from {@code min} to {@code max}, which must be ordered and not NaN. */
    public static RealRange of(double min, double max) {
        return new RealRange(min, max);
    }

    /**
     * The interval written as {@code LO,HI}; an end may be {@code -inf} or {@code inf}.
     *
     * @throws IllegalArgumentException if it is not two ordered numbers
     */
    public static RealRange parse(String text) {
        Given.require("text", text);
        String[] ends = text.split(",", -1);
        Validate.isTrue(ends.length == 2, "range must be two numbers LO,HI, was '%s'", text);
        return of(Numbers.real("low end of the range", ends[0]), Numbers.real("high end of the range", ends[1]));
    }

    /** {@code max - min}; infinite where an end is. */
    public double width() {
        return max - min;
    }

    /** Whether {@code x} lies inside, ends included; false for NaN. */
    public boolean contains(double x) {
        return x >= min && x <= max;
    }

    /** Whether both ends are finite. */
    public boolean isFinite() {
        return Double.isFinite(min) && Double.isFinite(max);
    }

    /** The smallest interval that holds this one and zero, which quantization must be able to represent exactly. */
    public RealRange includingZero() {
        return new RealRange(Math.min(min, 0), Math.max(max, 0));
    }

    /** The smallest interval that holds both. */
    public RealRange union(RealRange other) {
        Given.require("other", other);
        return new RealRange(Math.min(min, other.min), Math.max(max, other.max));
    }

    /**
     * The values inside both.
     *
     * @throws IllegalArgumentException if the intervals have no value in common
     */
    public RealRange intersect(RealRange other) {
        Given.require("other", other);
        double lower = Math.max(min, other.min);
        double upper = Math.min(max, other.max);
        Validate.isTrue(lower <= upper, "range must overlap %s, was %s", other, this);
        return new RealRange(lower, upper);
    }

    /** This interval: a range spans itself. */
    @Override
    public RealRange range() {
        return this;
    }

    @Override
    public String toString() {
        return "[" + min + ", " + max + "]";
    }
}
