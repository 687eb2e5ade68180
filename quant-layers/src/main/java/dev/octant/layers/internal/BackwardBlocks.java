// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import dev.octant.core.internal.block.Bounds;

/** The blocks of a backward call, of floats or of doubles. Stateless. Internal. */
public final class BackwardBlocks {
    private BackwardBlocks() {}

    /**
     * All blocks must lie within their arrays, and {@code dx} must be the block of {@code x} or of {@code dy} or share
     * no element with them.
     */
    public static void check(Object x, int xOffset, Object dy, int dyOffset, Object dx, int dxOffset, int length) {
        Bounds.check("source", x, xOffset, length);
        Bounds.check("gradient", dy, dyOffset, length);
        Bounds.check("destination", dx, dxOffset, length);
        Bounds.checkOverlap(x, xOffset, dx, dxOffset, length);
        Bounds.checkOverlap(dy, dyOffset, dx, dxOffset, length);
    }
}
