// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.FloatEdges;
import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of fake quantization beside their scalar loops, bit by bit. */
class FakeKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;
    private static final int LANES = StepKernel.LANES;

    private final Random random = new Random(9);

    @Test
    void everyLengthAndOffset() {
        float[] x = KernelInputs.odd(LENGTHS + OFFSETS, 0.1f, random);
        float[] dy = FloatEdges.ordinary(random, LENGTHS + OFFSETS);
        for (boolean divides : new boolean[] {false, true}) {
            FakeGrid grid = FakeGrid.of(0.1f, -131, 124, divides);
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset += 7) {
                    check(x, dy, offset, length, grid, random.nextInt(4096));
                }
            }
        }
    }

    @Test
    void everyScaleAndZeroPoint() {
        for (float scale : KernelInputs.scales()) {
            float[] ties = KernelInputs.aroundTies(scale);
            float[] odd = KernelInputs.odd(1000, scale, random);
            for (int zeroPoint : KernelInputs.zeroPoints(-128)) {
                for (boolean divides : new boolean[] {false, true}) {
                    FakeGrid grid = FakeGrid.of(scale, -128 - zeroPoint, 127 - zeroPoint, divides);
                    check(ties, ties, 0, ties.length, grid, 3);
                    check(odd, ties, 0, odd.length, grid, 0);
                }
            }
        }
    }

    /** Beyond 8 bits, where quotients by multiplication are not shown to round as divisions do. */
    @Test
    void wideCodes() {
        float[] x = FloatEdges.mixed(random, 3000, true);
        for (boolean divides : new boolean[] {false, true}) {
            for (int trial = 0; trial < 50; trial++) {
                float scale = (float) Math.exp(-8 * random.nextDouble());
                check(x, x, 0, x.length, FakeGrid.of(scale, -32768, 32767, divides), 5);
            }
        }
    }

    private static void check(float[] x, float[] dy, int offset, int length, FakeGrid grid, int first) {
        float[] expected = new float[length];
        float[] actual = new float[length];
        for (FakeKernel kernel : Twins.of(Kernels.FAKE)) {
            Kernels.FAKE.scalar().run(x, offset, expected, 0, length, grid);
            kernel.run(x, offset, actual, 0, length, grid);
            assertArrayEquals(bits(expected), bits(actual), () -> "forward " + grid);
            float[] inPlace = x.clone();
            kernel.run(inPlace, offset, inPlace, offset, length, grid);
            for (int i = 0; i < length; i++) {
                assertEquals(expected[i], inPlace[offset + i]);
            }
        }
        for (PassKernel kernel : Twins.of(Kernels.PASS)) {
            Kernels.PASS.scalar().run(x, offset, dy, 0, expected, 0, length, grid);
            kernel.run(x, offset, dy, 0, actual, 0, length, grid);
            assertArrayEquals(bits(expected), bits(actual), () -> "gradient " + grid);
        }
        for (StepKernel kernel : Twins.of(Kernels.STEP)) {
            double[] expectedSums = new double[3 * LANES];
            double[] actualSums = new double[3 * LANES];
            int expectedNans = Kernels.STEP
                    .scalar()
                    .run(x, offset, dy, 0, expected, 0, length, grid, expectedSums, 0, 2 * LANES, first);
            int nans = kernel.run(x, offset, dy, 0, actual, 0, length, grid, actualSums, 0, 2 * LANES, first);
            assertArrayEquals(bits(expected), bits(actual), () -> "gradient with sums " + grid);
            assertArrayEquals(expectedSums, actualSums, () -> "sums " + grid);
            assertEquals(expectedNans, nans);
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }
}
