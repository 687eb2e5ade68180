// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.FloatEdges;
import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of fake quantization beside their scalar loops, bit by bit. */
class FakeKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;
    private static final int LANES = StepKernel.LANES;

    private final Random random = new Random(9);

    /** Holds the kernels of a choice beside their scalar loop. */
    private interface Check {
        void run(float[] x, float[] dy, int offset, int length, FakeGrid grid, int first);
    }

    @Test
    void forward() {
        everyBlock(FakeKernelJarTest::checkForward);
    }

    @Test
    void gradient() {
        everyBlock(FakeKernelJarTest::checkGradient);
    }

    @Test
    void gradientWithSums() {
        everyBlock(FakeKernelJarTest::checkSums);
    }

    @Test
    void parts() {
        everyBlock(FakeKernelJarTest::checkParts);
    }

    /** Grids of all kinds in one row, blocks of all lengths, from any channel on. */
    @Test
    void channelsLast() {
        int channels = 500;
        for (boolean divides : new boolean[] {false, true}) {
            for (int codes : new int[] {7, 127, 32767}) {
                FakeGrid[] grids = new FakeGrid[channels];
                for (int c = 0; c < channels; c++) {
                    int zeroPoint = random.nextInt(2 * codes) - codes;
                    float scale = c % 50 == 0
                            ? KernelInputs.scales()[random.nextInt(KernelInputs.scales().length)]
                            : (float) Math.exp(-6 * random.nextDouble());
                    grids[c] = FakeGrid.of(scale, -codes - 1 - zeroPoint, codes - zeroPoint, divides);
                }
                for (int length = 0; length <= LENGTHS; length += length < 40 ? 1 : 37) {
                    float[] x = KernelInputs.odd(length + 7, 0.1f, random);
                    float[] dy = FloatEdges.ordinary(random, length + 7);
                    checkRow(x, dy, length, grids, random.nextInt(channels - length));
                }
            }
        }
    }

    private void everyBlock(Check check) {
        everyLengthAndOffset(check);
        everyScaleAndZeroPoint(check);
        wideCodes(check);
        rareNumbers(check);
    }

    private void everyLengthAndOffset(Check check) {
        float[] x = KernelInputs.odd(LENGTHS + OFFSETS, 0.1f, random);
        float[] dy = FloatEdges.ordinary(random, LENGTHS + OFFSETS);
        for (boolean divides : new boolean[] {false, true}) {
            FakeGrid grid = FakeGrid.of(0.1f, -131, 124, divides);
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset += 7) {
                    check.run(x, dy, offset, length, grid, random.nextInt(4096));
                }
            }
        }
    }

    private void everyScaleAndZeroPoint(Check check) {
        for (float scale : KernelInputs.scales()) {
            float[] ties = KernelInputs.aroundTies(scale);
            float[] odd = KernelInputs.odd(1000, scale, random);
            for (int zeroPoint : KernelInputs.zeroPoints(-128)) {
                for (boolean divides : new boolean[] {false, true}) {
                    FakeGrid grid = FakeGrid.of(scale, -128 - zeroPoint, 127 - zeroPoint, divides);
                    check.run(ties, ties, 0, ties.length, grid, 3);
                    check.run(odd, ties, 0, odd.length, grid, 0);
                }
            }
        }
    }

    /** Beyond 8 bits, where quotients by multiplication are not shown to round as divisions do. */
    private void wideCodes(Check check) {
        float[] x = FloatEdges.mixed(random, 3000, true);
        for (boolean divides : new boolean[] {false, true}) {
            for (int trial = 0; trial < 50; trial++) {
                float scale = (float) Math.exp(-8 * random.nextDouble());
                check.run(x, x, 0, x.length, FakeGrid.of(scale, -32768, 32767, divides), 5);
            }
        }
    }

    /** Ordinary values with one in a group, first or last, whose quotient is none; and in place. */
    private void rareNumbers(Check check) {
        float[] dy = FloatEdges.ordinary(random, 5000);
        for (float rare : new float[] {Float.NaN, 1 / 0f, -1 / 0f, Float.MAX_VALUE, -Float.MAX_VALUE}) {
            for (int at : new int[] {0, 15, 1023, 1024, 4095, 4999}) {
                float[] x = new float[5000];
                for (int i = 0; i < x.length; i++) {
                    x[i] = (float) random.nextGaussian();
                }
                x[at] = rare;
                for (boolean divides : new boolean[] {false, true}) {
                    check.run(x, dy, 0, x.length, FakeGrid.of(0.025f, -131, 124, divides), 7);
                }
            }
        }
    }

    private static void checkForward(float[] x, float[] dy, int offset, int length, FakeGrid grid, int first) {
        float[] expected = new float[length];
        float[] actual = new float[length];
        Kernels.FAKE.scalar().run(x, offset, expected, 0, length, grid);
        for (FakeKernel kernel : Twins.of(Kernels.FAKE)) {
            kernel.run(x, offset, actual, 0, length, grid);
            assertArrayEquals(bits(expected), bits(actual), () -> "forward " + grid);
            float[] inPlace = x.clone();
            kernel.run(inPlace, offset, inPlace, offset, length, grid);
            for (int i = 0; i < length; i++) {
                assertEquals(expected[i], inPlace[offset + i]);
            }
        }
    }

    private static void checkGradient(float[] x, float[] dy, int offset, int length, FakeGrid grid, int first) {
        float[] expected = new float[length];
        float[] actual = new float[length];
        Kernels.PASS.scalar().run(x, offset, dy, 0, expected, 0, length, grid);
        for (PassKernel kernel : Twins.of(Kernels.PASS)) {
            kernel.run(x, offset, dy, 0, actual, 0, length, grid);
            assertArrayEquals(bits(expected), bits(actual), () -> "gradient " + grid);
        }
    }

    private static void checkSums(float[] x, float[] dy, int offset, int length, FakeGrid grid, int first) {
        float[] expected = new float[length];
        double[] expectedSums = new double[3 * LANES];
        int expectedNans = Kernels.STEP
                .scalar()
                .run(x, offset, dy, 0, expected, 0, length, grid, expectedSums, 0, 2 * LANES, first);
        for (StepKernel kernel : Twins.of(Kernels.STEP)) {
            float[] actual = new float[length];
            double[] sums = new double[3 * LANES];
            int nans = kernel.run(x, offset, dy, 0, actual, 0, length, grid, sums, 0, 2 * LANES, first);
            assertArrayEquals(bits(expected), bits(actual), () -> "gradient with sums " + grid);
            assertArrayEquals(expectedSums, sums, () -> "sums " + grid);
            assertEquals(expectedNans, nans);
            for (float[] block : new float[][] {x, dy}) {
                float[] inPlace = block.clone();
                int at = block == x ? offset : 0;
                Arrays.fill(sums, 0);
                kernel.run(
                        block == x ? inPlace : x,
                        offset,
                        block == dy ? inPlace : dy,
                        0,
                        inPlace,
                        at,
                        length,
                        grid,
                        sums,
                        0,
                        2 * LANES,
                        first);
                assertArrayEquals(bits(expected), bits(Arrays.copyOfRange(inPlace, at, at + length)));
                assertArrayEquals(expectedSums, sums);
            }
        }
    }

    private static void checkParts(float[] x, float[] dy, int offset, int length, FakeGrid grid, int first) {
        float[] expected = new float[length];
        float[] actual = new float[length];
        byte[] expectedMask = new byte[length + 1];
        byte[] mask = new byte[length + 1];
        Kernels.LOCAL.scalar().run(x, offset, expectedMask, 1, expected, 0, length, grid);
        for (LocalKernel kernel : Twins.of(Kernels.LOCAL)) {
            kernel.run(x, offset, mask, 1, actual, 0, length, grid);
            assertArrayEquals(bits(expected), bits(actual), () -> "parts " + grid);
            assertArrayEquals(expectedMask, mask, () -> "parts " + grid);
        }
    }

    /** Beside the other kernels, one element at a time. */
    private static void checkRow(float[] x, float[] dy, int length, FakeGrid[] grids, int first) {
        float[][] expected = new float[4][length];
        byte[] expectedMask = new byte[length];
        double[] expectedSums = new double[2 * LANES];
        double[] places = new double[2 * length + 1];
        int expectedNans = 0;
        for (int i = 0; i < length; i++) {
            FakeGrid grid = grids[first + i];
            Kernels.FAKE.scalar().run(x, 7 + i, expected[0], i, 1, grid);
            Kernels.PASS.scalar().run(x, 7 + i, dy, i, expected[1], i, 1, grid);
            Kernels.LOCAL.scalar().run(x, 7 + i, expectedMask, i, expected[2], i, 1, grid);
            Arrays.fill(expectedSums, 1);
            expectedNans +=
                    Kernels.STEP.scalar().run(x, 7 + i, dy, i, expected[3], i, 1, grid, expectedSums, 0, LANES, 0);
            places[i] = expectedSums[0];
            places[length + 1 + i] = expectedSums[LANES];
        }
        GridRow row = new GridRow(grids);
        List<RowKernel> kernels = new ArrayList<>(List.of(Kernels.FAKE_ROWS.scalar()));
        kernels.addAll(Twins.of(Kernels.FAKE_ROWS));
        for (RowKernel kernel : kernels) {
            float[][] actual = new float[4][length];
            byte[] mask = new byte[length];
            double[] sums = new double[2 * length + 1];
            Arrays.fill(sums, 1);
            sums[length] = 0;
            kernel.fake(x, 7, actual[0], 0, length, row, first);
            kernel.pass(x, 7, dy, 0, actual[1], 0, length, row, first);
            kernel.local(x, 7, mask, 0, actual[2], 0, length, row, first);
            assertEquals(expectedNans, kernel.step(x, 7, dy, 0, actual[3], 0, length, row, first, sums, 0, length + 1));
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(bits(expected[i]), bits(actual[i]), "row, " + i);
            }
            assertArrayEquals(expectedMask, mask);
            assertArrayEquals(places, sums);
            float[] inPlace = x.clone();
            kernel.step(inPlace, 7, dy, 0, inPlace, 7, length, row, first, sums, 0, length + 1);
            assertArrayEquals(bits(expected[3]), bits(Arrays.copyOfRange(inPlace, 7, 7 + length)));
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
