// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The engines' array functions where every rounding is exact, so that plain definitions say what they must give. */
class EngineKernelsTest {
    /** Whole numbers whose sums stay below 2^24. */
    private static float[] wholeNumbers(int length) {
        Random random = new Random(length);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(401) - 200;
        }
        return values;
    }

    private static float plainSum(float[] values, int from, int length) {
        float sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += values[i];
        }
        return sum;
    }

    @Test
    void sumsOfWholeNumbersAreExact() {
        for (int length = 0; length < 700; length++) {
            float[] values = wholeNumbers(length + 5);
            assertEquals(plainSum(values, 3, length), NumPyKernels.sum(values, 3, length), "NumPy, " + length);
            assertEquals(plainSum(values, 0, length + 5), TorchKernels.sum(values), "PyTorch, " + length);
        }
        for (int length : new int[] {2047, 2048, 4096, 8191, 16_384, 32_767, 32_768}) {
            float[] values = wholeNumbers(length);
            assertEquals(plainSum(values, 0, length), NumPyKernels.sum(values, 0, length), "NumPy, " + length);
            if (length < 8192) {
                assertEquals(plainSum(values, 0, length), TorchKernels.sum(values), "PyTorch, " + length);
            }
        }
    }

    /** Eight sums side by side up to 128 floats, and the sum of two halves beyond: the order of rounding. */
    @Test
    void numPyAddsInEightLanes() {
        Random random = new Random(6);
        for (int length = 1; length <= 248; length++) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextFloat();
            }
            int half = length <= 128 ? length : length / 16 * 8;
            float expected = lanes(values, 0, half);
            if (half < length) {
                expected += lanes(values, half, length);
            }
            assertEquals(expected, NumPyKernels.sum(values, 0, length), "length " + length);
        }
    }

    /** Of rows of 32 floats, sixteen make a block; what is left of a row is added to the first eight columns. */
    @Test
    void pyTorchAddsInBlocksOfRows() {
        Random random = new Random(8);
        for (int length : new int[] {1, 7, 8, 31, 32, 511, 512, 513, 543, 544, 600, 1024, 2048, 2039, 8191}) {
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = random.nextFloat();
            }
            int rows = length / 32;
            float[] columns = new float[32];
            for (int column = 0; column < 32; column++) {
                float blocks = 0;
                float block = 0;
                for (int row = 0; row < rows; row++) {
                    block = row % 16 == 0 ? 0 : block;
                    block += values[32 * row + column];
                    blocks = row % 16 == 15 ? blocks + block : blocks;
                }
                columns[column] = rows % 16 == 0 ? blocks : blocks + block;
            }
            for (int i = 32 * rows; i < length / 8 * 8; i++) {
                columns[i % 8] += values[i];
            }
            float sum = plainSum(values, length / 8 * 8, length % 8);
            for (int lane = 0; lane < 8; lane++) {
                sum += columns[lane] + columns[8 + lane] + columns[16 + lane] + columns[24 + lane];
            }
            assertEquals(sum, TorchKernels.sum(values), "length " + length);
        }
    }

    private static float lanes(float[] values, int from, int to) {
        int whole = (to - from) / 8 * 8;
        float[] lane = new float[8];
        for (int i = 0; i < whole; i++) {
            lane[i % 8] += values[from + i];
        }
        float sum = (lane[0] + lane[1] + (lane[2] + lane[3])) + (lane[4] + lane[5] + (lane[6] + lane[7]));
        for (int i = from + whole; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }

    @Test
    void linspaceOfWholeSteps() {
        for (int n = 2; n < 40; n++) {
            float[] expected = new float[n + 1];
            for (int i = 0; i <= n; i++) {
                expected[i] = 3 * i - 7;
            }
            assertArrayEquals(expected, NumPyKernels.linspace(-7, 3 * n - 7, n));
            assertArrayEquals(expected, TorchKernels.linspace(-7, 3 * n - 7, n + 1));
        }
        // Steps below the least float are 0, so NumPy divides first: 3/4 of it rounds up, 1/2 to even.
        assertArrayEquals(
                new float[] {0, 0, 0, Float.MIN_VALUE, Float.MIN_VALUE}, NumPyKernels.linspace(0, Float.MIN_VALUE, 4));
    }

    @Test
    void arangeOfWholeSteps() {
        for (int n = 0; n < 70; n++) {
            float[] expected = new float[n];
            float[] shifted = new float[n];
            for (int i = 0; i < n; i++) {
                expected[i] = 4 * i;
                shifted[i] = 4 * i + 5;
            }
            assertArrayEquals(expected, TorchKernels.arange(4 * n, 4));
            assertArrayEquals(shifted, NumPyKernels.arange(5, 4 * n + 5, 4));
            if (n > 0) {
                assertArrayEquals(expected, TorchKernels.arange(4 * n - 3, 4));
                assertEquals(n, NumPyKernels.arangeLength(5, 4 * n + 2, 4));
            }
        }
        assertEquals(0, NumPyKernels.arange(5, 1, 4).length);
    }

    /** Where steps round: both ends are exact, and elements at one distance from the middle have one magnitude. */
    @Test
    void pyTorchsLinspaceIsSymmetric() {
        for (int n = 2; n < 60; n++) {
            for (float end : new float[] {1, 0.1f, 3.3f, 1e-3f}) {
                float[] values = TorchKernels.linspace(-end, end, n);
                assertEquals(-end, values[0]);
                assertEquals(end, values[n - 1]);
                for (int i = 0; i < n / 2; i++) {
                    assertEquals(-values[i], values[n - 1 - i], n + " values, " + i);
                }
            }
        }
    }

    /** Two vectors at a time begin with a float each; what is left is one product each. */
    @Test
    void pyTorchsArangeBeginsAnewWithEachVector() {
        for (float step : new float[] {0.1f, 0.3f, 0.7f}) {
            for (int n : new int[] {15, 16, 17, 31, 40, 64, 71}) {
                float[] values = TorchKernels.arange((n - 0.5f) * step, step);
                assertEquals(n, values.length);
                for (int i = 0; i < n; i++) {
                    boolean single = i >= n / 16 * 16;
                    float begin = (float) ((double) step * (i / 8 * 8));
                    float expected = (float) (single ? (double) step * i : begin + (double) step * (i % 8));
                    assertEquals(expected, values[i], n + " times " + step + ", " + i);
                }
            }
        }
    }

    @Test
    void floorDivisionOfWholeNumbers() {
        for (int a = -50; a <= 50; a++) {
            for (int b = -9; b <= 9; b++) {
                if (b != 0) {
                    float expected = a == 0 ? Math.copySign(0f, (float) b) : (float) Math.floor((double) a / b);
                    assertEquals(expected, TorchKernels.floorDivide(a, b), a + " // " + b);
                }
            }
        }
        // A quotient of 0 has the sign of the true one.
        assertEquals(0f, TorchKernels.floorDivide(0.5f, 2));
        assertEquals(-0f, TorchKernels.floorDivide(-0f, 2));
        assertEquals(9f, TorchKernels.floorDivide(1, 0.1f));
    }

    /** Bins of width 1 from -3 to 4; the last one holds its end. */
    @Test
    void valuesAreCountedInTheirBins() {
        float[] edges = {-3, -2, -1, 0, 1, 2, 3, 4};
        float[] values = {9, -3, -2.5f, -2, -0f, 0.5f, 1, 3, 3.5f, 4, 4.5f, -3.5f, Float.NaN, Float.POSITIVE_INFINITY, 9
        };
        long[] counts = new long[7];
        NumPyKernels.count(values, 1, values.length - 1, false, edges, counts);
        assertArrayEquals(new long[] {2, 1, 0, 2, 1, 0, 3}, counts);
        float[] floats = new float[7];
        TorchKernels.histc(values, 1, values.length - 1, false, -3, 4, floats);
        assertArrayEquals(new float[] {2, 1, 0, 2, 1, 0, 3}, floats);

        float[] positive = {0, 1, 2, 3, 4};
        long[] magnitudes = new long[4];
        NumPyKernels.count(values, 1, values.length - 1, true, positive, magnitudes);
        assertArrayEquals(new long[] {2, 1, 2, 5}, magnitudes);
        long[] between = new long[4];
        NumPyKernels.countBetween(values, 1, values.length - 1, positive, between);
        assertArrayEquals(magnitudes, between);
        float[] magnitudeFloats = new float[4];
        TorchKernels.histc(values, 1, values.length - 1, true, 0, 4, magnitudeFloats);
        assertArrayEquals(new float[] {2, 1, 2, 5}, magnitudeFloats);
    }

    @Test
    void equalEndsBecomeTheirNeighbours() {
        float[] counts = new float[4];
        TorchKernels.histc(new float[] {3.9f, 4, 4.1f, 5, 6.1f, 6, 5.6f}, 0, 7, false, 5, 5, counts);
        assertArrayEquals(new float[] {2, 0, 1, 2}, counts);
    }

    @Test
    void edgesDecideWhereAQuotientRounds() {
        // Ten bins over [0, 1]: 0.7f / 1 * 10 is 6.9999999, and the edge of bin 7 is 0.7f.
        float[] edges = NumPyKernels.linspace(0, 1, 10);
        for (int i = 0; i < 10; i++) {
            long[] at = new long[10];
            NumPyKernels.count(edges, i, i + 1, false, edges, at);
            assertEquals(1, at[i], "edge " + i);
            float below = Math.nextDown(edges[i + 1]);
            long[] before = new long[10];
            NumPyKernels.count(new float[] {below}, 0, 1, false, edges, before);
            assertEquals(1, before[i], "below edge " + (i + 1));
        }
    }

    @Test
    void aShareIsReachedInItsBin() {
        long[] counts = {1, 0, 2, 1};
        assertEquals(0, NumPyKernels.reaching(counts, 0));
        assertEquals(0, NumPyKernels.reaching(counts, 0.25));
        assertEquals(2, NumPyKernels.reaching(counts, 0.26));
        assertEquals(2, NumPyKernels.reaching(counts, 0.75));
        assertEquals(3, NumPyKernels.reaching(counts, 1));
        assertEquals(4, NumPyKernels.reaching(counts, 1.1));
    }

    @Test
    void spansThatAreNoFiniteFloatAreRefused() {
        long[] counts = new long[2];
        for (float[] edges : new float[][] {{1, 1, 1}, {-3e38f, 0, 3e38f}, {0, Float.NaN, Float.NaN}}) {
            assertEquals(
                    "batch must have bins that span a positive finite float, was [" + edges[0] + ", " + edges[2] + "]",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> NumPyKernels.count(new float[1], 0, 1, false, edges, counts))
                            .getMessage());
        }
        NumPyKernels.count(new float[1], 0, 1, false, new float[] {0, 1, Float.MAX_VALUE}, counts);
        float[] floats = new float[2];
        float half = Float.MAX_VALUE / 2;
        TorchKernels.histc(new float[] {half}, 0, 1, false, 0, half, floats);
        assertArrayEquals(new float[] {0, 1}, floats);
        float more = Math.nextUp(half);
        assertEquals(
                "batch must have values whose span times 2 is a positive finite float, was [0.0, " + more + "]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TorchKernels.histc(new float[1], 0, 1, false, 0, more, floats))
                        .getMessage());
    }
}
