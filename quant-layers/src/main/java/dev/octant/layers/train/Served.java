// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.ChannelQuantizer;

/** The values of grids that serve, by the rule of their profile; they have no gradient. */
record Served(ChannelQuantizer quantizer) implements StraightThrough {
    @Override
    public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        quantizer.fakeQuantize(x, xOffset, y, yOffset, length);
    }

    /** @throws IllegalStateException always */
    @Override
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        throw new IllegalStateException("quantizer must be one that trains for a gradient, was " + quantizer);
    }
}
