// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.ChannelQuantizer;
import dev.octant.core.QuantParams;
import dev.octant.core.TensorQuantizer;
import dev.octant.layers.internal.BackwardBlocks;
import org.apache.commons.lang3.Validate;

/**
 * The values of grids that serve, by the rule of their profile, where a quantizer that trains is asked for: what {@link
 * QuantizerStage.Frozen#of} holds. Gradients pass where the rounded code is one of the grid's, ends included. NaN
 * becomes what the profile makes of it, and has the gradient 0. Immutable and thread safe; backward allocates a mask.
 *
 * @param quantizer the grids; a block is a multiple of its {@code channels x inner}
 */
public record ServedGrids(ChannelQuantizer quantizer) implements StraightThrough {
    public ServedGrids {
        Validate.notNull(quantizer, "quantizer must be given, was null");
    }

    @Override
    public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        quantizer.fakeQuantize(x, xOffset, y, yOffset, length);
    }

    @Override
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        int channels = quantizer.layout().channels();
        int inner = quantizer.layout().inner();
        int period = quantizer.layout().period();
        Validate.isTrue(
                length % period == 0,
                "length must be a multiple of channels x inner = %s x %s, was %s",
                channels,
                inner,
                length);
        byte[] mask = new byte[length];
        for (int c = 0; c < channels; c++) {
            QuantParams params = quantizer.params().get(c);
            TensorQuantizer grid = TensorQuantizer.of(params, quantizer.profile());
            int run = channels == 1 ? length : inner;
            for (int at = c * inner; at < length; at += channels == 1 ? length : period) {
                grid.fakeQuantizeMask(x, xOffset + at, mask, at, run);
            }
        }
        for (int i = 0; i < length; i++) {
            dx[dxOffset + i] = mask[i] == 0 ? 0 : dy[dyOffset + i];
        }
    }
}
