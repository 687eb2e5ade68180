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
    private final boolean[] seen;
    private long notFinite;

    /** Nothing seen. */
    public AmaxObserver(KeptAxes axes) {
        Given.require("axes", axes);
        this.axes = axes;
        amax = new float[axes.groups()];
        seen = new boolean[axes.groups()];
    }

    /** That a batch has a length that is not refused. */
    void requireLength(int length) {
        axes.checkLength(length);
    }

    /**
     * Observes whole tensors.
     *
     * @throws IllegalArgumentException if there are several numbers and {@code length} is not a multiple of {@link
     *     KeptAxes#elements}; nothing is then observed
     */
    @Override
    public void observe(float[] values, int offset, int length) {
        Bounds.check("values", values, offset, length);
        requireLength(length);
        for (int i = 0; i < length; i++) {
            float magnitude = Math.abs(values[offset + i]);
            int group = axes.groups() == 1 ? 0 : axes.group(i);
            if (magnitude <= Float.MAX_VALUE) {
                amax[group] = Math.max(amax[group], magnitude);
                seen[group] = true;
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

    /**
     * The quantizer of what was seen.
     *
     * @throws IllegalStateException if no finite value was seen, or none at one of the kept axes' places
     */
    public AmaxQuantizer quantizer(AmaxGrid grid) {
        Given.require("grid", grid);
        for (int group = 0; group < seen.length; group++) {
            if (!seen[group]) {
                String where =
                        seen.length == 1 ? "" : " in each of " + seen.length + " groups, were none in group " + group;
                throw new IllegalStateException("finite values must be observed before quantizing" + where
                        + "; values that were not finite: " + notFinite);
            }
        }
        return AmaxQuantizer.of(grid, axes, amax);
    }
}
