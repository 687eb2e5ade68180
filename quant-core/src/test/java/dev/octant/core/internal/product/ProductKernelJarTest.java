// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of matrix products beside their scalar loops. */
class ProductKernelJarTest {
    private final Random random = new Random(4);

    @Test
    void tilesOfEveryDepth() {
        byte[] weights = KernelInputs.bytes(TileKernel.COLUMNS * (TileKernel.DEPTH + 2), random);
        float[] rows = new float[TileKernel.ROWS * (TileKernel.DEPTH + 2)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextInt(257) - 128;
        }
        for (TileKernel kernel : Twins.of(Kernels.TILE)) {
            for (int depth = 0; depth <= TileKernel.DEPTH; depth += depth < 70 ? 1 : 53) {
                check(kernel, rows, weights, depth);
            }
            check(kernel, rows, weights, TileKernel.DEPTH);
        }
    }

    /** The largest sums that there are: 2^24, of either sign. */
    @Test
    void largestSums() {
        byte[] weights = new byte[TileKernel.COLUMNS * (TileKernel.DEPTH + 2)];
        float[] rows = new float[TileKernel.ROWS * (TileKernel.DEPTH + 2)];
        Arrays.fill(weights, (byte) -128);
        for (float x : new float[] {-128, 128, 127}) {
            Arrays.fill(rows, x);
            for (TileKernel kernel : Twins.of(Kernels.TILE)) {
                check(kernel, rows, weights, TileKernel.DEPTH);
            }
        }
    }

    private void check(TileKernel kernel, float[] rows, byte[] weights, int depth) {
        int[] expected =
                random.ints(TileKernel.ROWS * TileKernel.COLUMNS, -1000, 1000).toArray();
        int[] actual = expected.clone();
        Kernels.TILE
                .scalar()
                .run(
                        rows,
                        2 * TileKernel.ROWS,
                        weights,
                        2 * TileKernel.COLUMNS,
                        depth,
                        new float[expected.length],
                        expected);
        kernel.run(rows, 2 * TileKernel.ROWS, weights, 2 * TileKernel.COLUMNS, depth, new float[actual.length], actual);
        assertArrayEquals(expected, actual, () -> "depth " + depth);
    }

    @Test
    void sumsOfEveryLengthAndOffset() {
        int most = 400;
        int[] sums = new int[most];
        for (SumsKernel kernel : Twins.of(Kernels.SUMS_TO_CODES)) {
            for (int length = 0; length <= 300; length++) {
                SumsColumns columns = new SumsColumns(most, random.nextInt(256) - 128, -128, 127);
                for (int i = 0; i < most; i++) {
                    sums[i] = random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(200_000) - 100_000;
                    columns.before()[i] = random.nextInt(3) * random.nextFloat() * 1000;
                    columns.multiplier()[i] = random.nextInt(30) == 0 ? 1e38f : random.nextFloat() * 0.004f - 0.001f;
                    columns.after()[i] = random.nextInt(9) - 4 + 0.5f * random.nextInt(2);
                }
                int offset = random.nextInt(60);
                byte[] expected = new byte[most];
                byte[] actual = new byte[most];
                Kernels.SUMS_TO_CODES.scalar().run(sums, offset, expected, 7, length, columns, offset / 2);
                kernel.run(sums, offset, actual, 7, length, columns, offset / 2);
                assertArrayEquals(expected, actual);
            }
        }
    }
}
