// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

/**
 * Replaces floats by what a grid holds in their place, and carries gradients back by a straight-through rule: as if
 * rounding were the identity.
 *
 * <p>Implementations say which values pass a gradient, and what NaN becomes. Immutable and thread safe.
 */
public interface StraightThrough {
    /** Replaces {@code length} values; the blocks may be the same. */
    void forward(float[] x, int xOffset, float[] y, int yOffset, int length);

    /** Carries {@code length} gradients back to the input: {@code dx = dy} where a value passes, else 0. */
    void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length);
}
