// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

import dev.octant.core.internal.choice.Trial;
import java.util.Arrays;

/** A tile of some depth, and one of depth 3. */
public final class TileTrial implements Trial<TileKernel> {
    private static final int DEPTH = 256;

    private final float[] rows = new float[TileKernel.ROWS * DEPTH];
    private final byte[] weights = Trial.bytes(TileKernel.COLUMNS * DEPTH);
    private final float[] room = new float[TileKernel.ROWS * TileKernel.COLUMNS];
    private final int[] sums = new int[TileKernel.ROWS * TileKernel.COLUMNS];

    public TileTrial() {
        byte[] codes = Trial.bytes(weights.length + rows.length);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = codes[weights.length + i];
        }
    }

    @Override
    public void run(TileKernel kernel) {
        Arrays.fill(sums, 0);
        kernel.run(rows, 0, weights, 0, DEPTH, room, sums);
    }

    @Override
    public void runOdd(TileKernel kernel) {
        kernel.run(rows, 12, weights, 64, 3, room, sums);
    }

    @Override
    public int[] output() {
        return sums.clone();
    }
}
