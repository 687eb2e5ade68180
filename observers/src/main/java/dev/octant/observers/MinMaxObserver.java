// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.block.Bounds;

/**
 * Keeps the smallest and largest finite value.
 *
 * <p>NaN and infinities are counted only. Not thread safe. Equal to PyTorch's {@code MinMaxObserver} on finite data.
 */
public final class MinMaxObserver implements Observer {
    private final ValueCounter counter = new ValueCounter();

    /** An observer that has seen nothing. */
    public MinMaxObserver() {}

    @Override
    public void observe(float[] values, int offset, int length) {
        Bounds.check("values", values, offset, length);
        counter.add(values, offset, offset + length);
    }

    /** What was observed so far. */
    public ValueCounts summary() {
        return counter.counts();
    }
}
