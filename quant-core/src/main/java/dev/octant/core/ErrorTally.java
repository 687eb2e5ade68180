// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.errors.ErrorSums;
import dev.octant.core.internal.text.Given;

/**
 * Adds up, block by block, what it costs that floats stand for others: those of a grid for the values that were
 * quantized, or those of a table for the outputs of a function.
 *
 * <pre>
 * e = value - approximation
 * signal = sum of value^2,   noise = sum of e^2,   largest = max |e|
 * clipped: values whose input lies outside the one range, or that lie themselves outside the other
 * </pre>
 *
 * <p>Units: real values and their squares, in double. Arrays are only read and may be one and the same; for a tensor
 * beside its own quantized form the inputs are the values. Nothing is allocated.
 *
 * <p>NaN and infinities are the caller's to leave out: they make sums NaN or infinite, and count as clipped unless
 * the ranges hold them. Errors: a block outside an array throws {@link IndexOutOfBoundsException}, before anything is
 * added.
 *
 * <p>Sums depend on how the data is cut into blocks, since doubles round, by some 1e-16 of them; on nothing else,
 * neither the machine nor its vectors. Not thread safe.
 */
public final class ErrorTally {
    private final ErrorSums sums;
    private long count;

    private ErrorTally(ErrorSums sums) {
        this.sums = sums;
    }

    /**
     * Nothing added yet.
     *
     * @param inputs where an input is represented, not clipped
     * @param values where a value is
     */
    public static ErrorTally of(RealRange inputs, RealRange values) {
        Given.require("inputs", inputs);
        Given.require("values", values);
        return new ErrorTally(new ErrorSums(inputs.min(), inputs.max(), values.min(), values.max()));
    }

    /**
     * Adds elements {@code offset .. offset + length} of the three arrays.
     *
     * @param inputs what the function was given
     * @param values what it gave
     * @param approximations what stands for that
     */
    public void add(float[] inputs, float[] values, float[] approximations, int offset, int length) {
        Bounds.check("inputs", inputs, offset, length);
        Bounds.check("values", values, offset, length);
        Bounds.check("approximations", approximations, offset, length);
        Kernels.ERRORS.current().run(inputs, values, approximations, offset, length, sums);
        count += length;
    }

    /** How many values were added. */
    public long count() {
        return count;
    }

    /** How many of them were clipped. */
    public long clipped() {
        return sums.clipped();
    }

    /** The sum of the squared values. */
    public double signal() {
        return sums.signal();
    }

    /** The sum of the squared errors of values that were not clipped. */
    public double roundingNoise() {
        return sums.inside();
    }

    /** The sum of the squared errors of values that were clipped. */
    public double clippingNoise() {
        return sums.outside();
    }

    /** The largest error, without its sign; 0 if nothing was added. */
    public double largest() {
        return sums.largest();
    }
}
