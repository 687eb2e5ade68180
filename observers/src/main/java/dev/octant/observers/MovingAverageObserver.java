// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;
import dev.octant.core.internal.block.Bounds;
import java.nio.FloatBuffer;
import org.apache.commons.lang3.Validate;

/**
 * Exponential moving average of the smallest and largest value of each batch.
 *
 * <pre>
 * first batch:  min = batchMin,  max = batchMax
 * later:        min = min + c * (batchMin - min),  max = max + c * (batchMax - max)     in float
 * </pre>
 *
 * <p>A batch is one call of {@code observe}. The result depends on how the data is cut into batches and on their order,
 * so there is no summary to merge, only a {@link #range()}. NaN and infinities are ignored; a batch without finite
 * values leaves the average as it was. Not thread safe. Source: PyTorch's {@code MovingAverageMinMaxObserver}, whose
 * bits it gives on finite data.
 */
public final class MovingAverageObserver implements Observer, Ranged {
    private final float averagingConstant;
    private boolean observed;
    private float min;
    private float max;

    /**
     * An observer that has seen nothing.
     *
     * @param averagingConstant the weight {@code c} of the newest batch, above 0 and at most 1; PyTorch's default is
     *     0.01
     * @throws IllegalArgumentException if it is outside
     */
    public MovingAverageObserver(float averagingConstant) {
        Validate.isTrue(
                averagingConstant > 0 && averagingConstant <= 1,
                "averaging constant must be above 0 and at most 1, was %s",
                Float.toString(averagingConstant)); // not widened to a double, which has other digits
        this.averagingConstant = averagingConstant;
    }

    @Override
    public void observe(float[] values, int offset, int length) {
        Bounds.check("values", values, offset, length);
        ValueCounter batch = new ValueCounter();
        batch.add(values, offset, offset + length);
        average(batch.counts());
    }

    @Override
    public void observe(FloatBuffer values) {
        ValueCounter batch = new ValueCounter();
        Blocks.drain(values, (block, offset, length) -> batch.add(block, offset, offset + length));
        average(batch.counts());
    }

    private void average(ValueCounts batch) {
        if (batch.finite() == 0) {
            return;
        }
        min = observed ? min + averagingConstant * (batch.min() - min) : batch.min();
        max = observed ? max + averagingConstant * (batch.max() - max) : batch.max();
        observed = true;
    }

    /** {@code [min, max]} as averaged so far. */
    @Override
    public RealRange range() {
        if (!observed) {
            throw new IllegalStateException("observed values must include a finite one, was none");
        }
        return RealRange.of(min, max);
    }
}
