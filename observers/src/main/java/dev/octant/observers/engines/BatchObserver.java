// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import dev.octant.core.RealRange;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.Observer;
import java.nio.FloatBuffer;
import org.apache.commons.lang3.Validate;

/** Takes whole batches with the ends of their finite values; a batch without any changes nothing. */
abstract class BatchObserver implements Observer {
    /** The bins an engine's growing histogram may reach: without a limit, small first values ask for any number. */
    static final int MOST_BINS = 1 << 20;

    private boolean observed;
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;

    @Override
    public final void observe(float[] values, int offset, int length) {
        Bounds.check("values", values, offset, length);
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + length; i++) {
            float value = values[i];
            if (Math.abs(value) <= Float.MAX_VALUE) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (low <= high) {
            collect(values, offset, offset + length, low, high, !observed);
            min = Math.min(min, low);
            max = Math.max(max, high);
            observed = true;
        }
    }

    @Override
    public final void observe(FloatBuffer values) {
        Given.require("values", values);
        if (values.hasArray()) {
            observe(values.array(), values.arrayOffset() + values.position(), values.remaining());
            values.position(values.limit());
        } else {
            float[] batch = new float[values.remaining()];
            values.get(batch);
            observe(batch, 0, batch.length);
        }
    }

    /** Takes {@code values[from .. to)}, of which the finite ones span {@code [low, high]}. */
    abstract void collect(float[] values, int from, int to, float low, float high, boolean first);

    /** The smallest finite value of all batches before the current one. */
    final float min() {
        checkObserved();
        return min;
    }

    /** The largest finite value of all batches before the current one. */
    final float max() {
        checkObserved();
        return max;
    }

    /**
     * Between two left edges, no further out than the observed ends. Where the two cross, as those of constant data do,
     * the result is what lies beyond 0 of each: all that the engine's parameters take from crossed ends.
     */
    final RealRange within(float left, float right) {
        float lower = Math.max(left, min());
        float upper = Math.min(right, max());
        return lower <= upper ? RealRange.of(lower, upper) : RealRange.of(Math.min(lower, 0), Math.max(upper, 0));
    }

    /** What a batch needs must be few enough bins. */
    static void requireBins(double bins, float width, float largest) {
        Validate.isTrue(
                bins <= MOST_BINS,
                "batch must need at most %s bins of width %s, was a largest magnitude of %s",
                MOST_BINS,
                width,
                largest);
    }

    final void checkObserved() {
        if (!observed) {
            throw new IllegalStateException("observed values must include a finite one, was none");
        }
    }
}
