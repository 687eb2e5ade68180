// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.CodeRange;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.BackwardBlocks;
import java.util.Arrays;
import java.util.Objects;
import org.apache.commons.lang3.Validate;

/**
 * Fake quantization by a largest magnitude, in the arithmetic of NVIDIA's pytorch-quantization.
 *
 * <pre>
 * k = high / amax                                    floats
 * forward    y = clamp(rint(x k), low, high) / k     a quotient; amax at most 2^-24: y = 0
 * backward   dx = dy where |x| &lt;= amax, else 0    unsigned: where 0 &lt;= x &lt;= amax
 * </pre>
 *
 * <p>{@code q / (high / amax)} is not {@code q * (amax / high)}: 38 in a hundred values differ in the last bit, so this
 * is not a {@link FakeQuantizer} of another scale. Nor is its gradient: a value beyond {@code amax} that rounds to the
 * last code has none.
 *
 * <p>NaN becomes 0 and has the gradient 0. Negative values on an unsigned grid become 0 and have none; NVIDIA refuses
 * them. Shapes: flat blocks; where axes are kept, whole tensors. Immutable and thread safe; nothing is allocated.
 * Source: NVIDIA pytorch-quantization 2.2.1, {@code tensor_quant}, on the CPU.
 */
public final class AmaxQuantizer implements StraightThrough {
    /** Up to here a largest magnitude counts as 0. */
    private static final float LEAST = 0x1p-24f;

    private final AmaxGrid grid;
    private final KeptAxes axes;
    private final float[] amax;
    private final float[] factors;

    private AmaxQuantizer(AmaxGrid grid, KeptAxes axes, float[] amax) {
        this.grid = grid;
        this.axes = axes;
        this.amax = amax;
        factors = new float[amax.length];
        for (int g = 0; g < amax.length; g++) {
            factors[g] = amax[g] <= LEAST ? Float.NaN : grid.high() / amax[g];
        }
    }

    /**
     * One magnitude for the whole tensor.
     *
     * @throws IllegalArgumentException if it is negative, not finite, or so large that the value of a code is not
     */
    public static AmaxQuantizer of(AmaxGrid grid, float amax) {
        return of(grid, KeptAxes.NONE, amax);
    }

    /** The largest magnitude by which every code's value is a finite float. */
    static float largest(AmaxGrid grid) {
        int widest = Math.max(grid.high(), -grid.low());
        float amax = (float) ((double) Float.MAX_VALUE * grid.high() / widest);
        while (Float.isInfinite(widest / (grid.high() / amax))) {
            amax = Math.nextDown(amax);
        }
        return amax;
    }

    /**
     * A magnitude for each index along the kept axes.
     *
     * @throws IllegalArgumentException if they are not as many, or one is negative, not finite, or so large that the
     *     value of a code is not
     */
    public static AmaxQuantizer of(AmaxGrid grid, KeptAxes axes, float... amax) {
        Given.require("grid", grid);
        Given.require("axes", axes);
        Given.require("amax", amax);
        Validate.isTrue(amax.length == axes.groups(), "amax must be %s numbers, were %s", axes.groups(), amax.length);
        for (float magnitude : amax) {
            Validate.isTrue(
                    magnitude >= 0 && magnitude <= Float.MAX_VALUE,
                    "amax must be finite and not negative, was %s",
                    magnitude);
            Validate.isTrue(
                    magnitude <= largest(grid),
                    "amax must leave the values of all codes %s..%s finite floats, was %s",
                    grid.low(),
                    grid.high(),
                    magnitude);
        }
        return new AmaxQuantizer(grid, axes, amax.clone());
    }

    /**
     * The larger magnitude of a range's ends: of what an estimator, or one of the methods of {@code
     * engines.NvidiaHistogramObserver}, has chosen. On an unsigned grid the upper end.
     *
     * @throws IllegalArgumentException if an end is infinite, or the range lies below 0 on an unsigned grid
     */
    public static AmaxQuantizer of(AmaxGrid grid, RealRange range) {
        Given.require("grid", grid);
        Given.require("range", range);
        Validate.isTrue(range.isFinite(), "range must have finite ends, was %s", range);
        Validate.isTrue(
                !grid.unsigned() || range.max() > 0 || range.min() == 0,
                "range must reach above 0 where no code is negative, was %s",
                range);
        return of(grid, (float) Math.max(grid.unsigned() ? 0 : -range.min(), range.max()));
    }

    /**
     * The larger magnitude of two bounds that learn: NVIDIA's {@code learn_amax}, applied to what the clip gives, which
     * is {@link LearnedClip#then}. Held at the largest magnitude that the grid has: bounds may learn to be any float.
     */
    public static AmaxQuantizer of(AmaxGrid grid, LearnedClip clip) {
        Given.require("grid", grid);
        Given.require("clip", clip);
        return of(grid, Math.min(Math.max(-clip.low(), clip.high()), largest(grid)));
    }

    /** The same with every magnitude times {@code factor}, in float: NVIDIA's {@code scale_amax}. */
    public AmaxQuantizer scaled(double factor) {
        float[] scaled = amax.clone();
        for (int g = 0; g < scaled.length; g++) {
            scaled[g] *= (float) factor;
        }
        return of(grid, axes, scaled);
    }

    /** The codes. */
    public AmaxGrid grid() {
        return grid;
    }

    /** Which elements share a magnitude. */
    public KeptAxes axes() {
        return axes;
    }

    /** The magnitudes, in a new array. */
    public float[] amax() {
        return amax.clone();
    }

    /**
     * The 8-bit parameters of a magnitude for an engine, whose scale is {@code amax / high}: 1 where the magnitude
     * counts as 0 and every code is 0. Engines divide by the scale or multiply by its inverse, so codes next to a tie
     * differ by 1 from those of here; {@link QuantizerStage.Frozen} of this quantizer, and {@link #code}, keep its
     * arithmetic.
     *
     * @throws IllegalArgumentException if the codes are not all those of an 8-bit grid, whose parameters would not clip
     *     at their ends
     */
    public QuantParams params(int group) {
        Bounds.index("group", group, amax.length);
        float scale = amax[group] <= LEAST ? 1 : amax[group] / grid.high();
        return QuantParams.of(FakeQuantizer.wholeType(new CodeRange(grid.low(), grid.high())), scale, 0);
    }

    /**
     * The code of {@code x} by the magnitude of a group; 0 for NaN.
     *
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public int code(float x, int group) {
        Bounds.index("group", group, amax.length);
        return (int) whole(x, factors[group]);
    }

    /** The code as the engine has it, a float, which keeps the sign of zero. */
    private float whole(float x, float factor) {
        return Math.min(Math.max((float) Math.rint(x * factor), grid.low()), grid.high());
    }

    @Override
    public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Bounds.check(x, xOffset, y, yOffset, length);
        Bounds.checkOverlap(x, xOffset, y, yOffset, length);
        axes.checkLength(length);
        for (int i = 0; i < length; i++) {
            int group = axes.groups() == 1 ? 0 : axes.group(i);
            float factor = factors[group];
            float value = x[xOffset + i];
            y[yOffset + i] = Float.isNaN(factor) || Float.isNaN(value) ? 0 : whole(value, factor) / factor;
        }
    }

    @Override
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        axes.checkLength(length);
        for (int i = 0; i < length; i++) {
            float value = x[xOffset + i];
            float most = amax[axes.groups() == 1 ? 0 : axes.group(i)];
            boolean passes = value <= most && value >= (grid.unsigned() ? 0 : -most);
            dx[dxOffset + i] = passes ? dy[dyOffset + i] : 0;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AmaxQuantizer that
                && grid.equals(that.grid)
                && axes.equals(that.axes)
                && Arrays.equals(amax, that.amax);
    }

    @Override
    public int hashCode() {
        return Objects.hash(grid, axes, Arrays.hashCode(amax));
    }

    @Override
    public String toString() {
        return "AmaxQuantizer(" + grid + ", " + axes + ", amax=" + Arrays.toString(amax) + ")";
    }
}
