// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.Observer;

/**
 * The largest magnitude seen, for each index along the kept axes: NVIDIA's max calibrator. Values that are not finite
 * are counted and never move it; NVIDIA's is NaN for ever after the first. Not thread safe.
 */
public final class AmaxObserver implements Observer {
    private final KeptAxes axes;
    private final float[] amax;
    private long notFinite;

    /** Nothing seen. */
    public AmaxObserver(KeptAxes axes) {
        Given.require("axes", axes);
        this.axes = axes;
        amax = new float[axes.groups()];
    }

    @Override
    public void observe(float[] values, int offset, int length) {
        Bounds.check("values", values, offset, length);
        axes.checkLength(length);
        for (int i = 0; i < length; i++) {
            float magnitude = Math.abs(values[offset + i]);
            int group = axes.groups() == 1 ? 0 : axes.group(i);
            if (magnitude <= Float.MAX_VALUE) {
                amax[group] = Math.max(amax[group], magnitude);
            } else {
                notFinite++;
            }
        }
    }

    /** The largest magnitudes, in a new array; 0 where nothing was seen. */
    public float[] amax() {
        return amax.clone();
    }

    /** How many values were NaN or infinite. */
    public long notFinite() {
        return notFinite;
    }

    /** The quantizer of what was seen. */
    public AmaxQuantizer quantizer(AmaxGrid grid) {
        return AmaxQuantizer.of(grid, axes, amax);
    }
}
