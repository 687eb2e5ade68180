// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import org.apache.commons.lang3.Validate;

/**
 * PyTorch's float32 functions on x86 with AVX2, rounding where they round.
 *
 * <p>Source: ATen {@code native/cpu/RangeFactoriesKernel.cpp}, {@code SumKernel.cpp}, {@code HistogramKernel.cpp},
 * {@code BinaryOpsKernel.cpp}.
 */
final class TorchKernels {
    /** Floats in a vector. */
    private static final int LANES = 8;

    private static final int BLOCK_ROWS = 16;

    private TorchKernels() {}

    /** {@code torch.linspace}: from both ends to the middle, every element one fused step. */
    static float[] linspace(float start, float end, int steps) {
        float[] values = new float[steps];
        float step = (end - start) / (steps - 1);
        for (int i = 0; i < steps; i++) {
            values[i] =
                    i < steps / 2 ? Math.fma(step, (float) i, start) : Math.fma(-step, (float) (steps - i - 1), end);
        }
        return values;
    }

    /** {@code torch.arange(0, end, step)}: in double from the begin of each vector, which is a float. */
    static float[] arange(float end, float step) {
        float[] values = new float[(int) Math.ceil((double) end / step)];
        int vectorised = values.length - values.length % (2 * LANES);
        for (int i = 0; i < values.length; i++) {
            int begin = i < vectorised ? i - i % LANES : i;
            values[i] = (float) ((float) ((double) step * begin) + (double) step * (i - begin));
        }
        return values;
    }

    /**
     * {@code torch.histc}: adds the finite values within {@code [min, max]} to the bins, {@code bin = (x - min) *
     * bins / (max - min)} in float. Equal ends become their neighbours at distance 1. Adding 1 to a count of 2^24
     * changes nothing.
     *
     * @param magnitudes whether to count |x| in place of x
     */
    static void histc(float[] values, int from, int to, boolean magnitudes, float min, float max, float[] counts) {
        float left = min == max ? min - 1 : min;
        float right = min == max ? max + 1 : max;
        float width = right - left;
        int bins = counts.length;
        Validate.isTrue(
                width > 0 && width * bins <= Float.MAX_VALUE,
                "batch must have values whose span times %s is a positive finite float, was [%s, %s]",
                bins,
                min,
                max);
        for (int i = from; i < to; i++) {
            float x = magnitudes ? Math.abs(values[i]) : values[i];
            if (x >= left && x <= right) {
                counts[Math.min((int) ((x - left) * bins / width), bins - 1)] += 1;
            }
        }
    }

    /** {@code torch.sum} of fewer than 8,192 floats: four rows of vectors, added up in blocks of 16. */
    static float sum(float[] values) {
        int vectors = values.length / LANES;
        int rows = vectors / 4;
        float[] lanes = new float[LANES];
        float[] total = new float[4 * LANES];
        cascade(values, rows, total);
        for (int i = 4 * rows; i < vectors; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                total[lane] += values[i * LANES + lane];
            }
        }
        for (int lane = 0; lane < LANES; lane++) {
            lanes[lane] = total[lane] + total[LANES + lane];
            lanes[lane] += total[2 * LANES + lane];
            lanes[lane] += total[3 * LANES + lane];
        }
        float sum = 0;
        for (int i = vectors * LANES; i < values.length; i++) {
            sum += values[i];
        }
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }

    /**
     * Adds rows of 32 floats by position, in blocks of {@value #BLOCK_ROWS}. From 256 rows on PyTorch adds blocks of
     * blocks.
     */
    private static void cascade(float[] values, int rows, float[] total) {
        int width = total.length;
        float[] block = new float[width];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
                block[i] += values[row * width + i];
            }
            if ((row + 1) % BLOCK_ROWS == 0) {
                for (int i = 0; i < width; i++) {
                    total[i] += block[i];
                    block[i] = 0;
                }
            }
        }
        for (int i = 0; i < width; i++) {
            total[i] += block[i];
        }
    }

    /** Python's floor division of floats, which NumPy shares. */
    static float floorDivide(float a, float b) {
        float remainder = a % b;
        float quotient = (a - remainder) / b;
        if (remainder != 0 && (b < 0) != (remainder < 0)) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0f, a / b);
        }
        float floor = (float) Math.floor(quotient);
        return quotient - floor > 0.5f ? floor + 1 : floor;
    }
}
