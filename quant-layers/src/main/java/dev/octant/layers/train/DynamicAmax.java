// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.block.Bounds;
import org.apache.commons.lang3.Validate;

/**
 * {@link AmaxQuantizer} by the largest magnitude of the very values that it is given: NVIDIA's quantizer before it is
 * calibrated. The magnitude is a constant to the gradient. NaN and infinities have no magnitude; where there is no
 * other, it is 0. A magnitude so large that a code's value would not be finite is held below that. Immutable and thread
 * safe.
 *
 * @param grid the codes
 * @param axes which elements share a magnitude
 * @param factor what the magnitude is multiplied with, in float; 1 for none
 */
public record DynamicAmax(AmaxGrid grid, KeptAxes axes, double factor) implements StraightThrough {
    public DynamicAmax {
        Validate.notNull(grid, "grid must be given, was null");
        Validate.notNull(axes, "axes must be given, was null");
        Validate.isTrue(
                factor >= Float.MIN_NORMAL && factor <= Float.MAX_VALUE,
                "factor must be a positive normal float, was %s",
                factor);
    }

    /** One magnitude for the whole tensor. */
    public static DynamicAmax of(AmaxGrid grid) {
        return new DynamicAmax(grid, KeptAxes.NONE, 1);
    }

    /** The quantizer for some values. */
    public AmaxQuantizer quantizer(float[] x, int offset, int length) {
        AmaxObserver observer = new AmaxObserver(axes);
        observer.observe(x, offset, length);
        float[] amax = observer.amax();
        float largest = AmaxQuantizer.largest(grid);
        for (int g = 0; g < amax.length; g++) {
            amax[g] = Math.min(amax[g] * (float) factor, largest);
        }
        return AmaxQuantizer.of(grid, axes, amax);
    }

    @Override
    public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Bounds.check(x, xOffset, y, yOffset, length);
        quantizer(x, xOffset, length).forward(x, xOffset, y, yOffset, length);
    }

    @Override
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        Bounds.check("source", x, xOffset, length);
        quantizer(x, xOffset, length).backward(x, xOffset, dy, dyOffset, dx, dxOffset, length);
    }
}
