// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.CodeRange;
import java.util.Arrays;

/**
 * The step whose codes leave the least sum of squared errors. For codes q that are held the best step is {@code sum
 * xq / sum qq}, and leaves {@code sum xx - (sum xq)^2 / sum qq}; with codes of its own a step leaves no more.
 */
final class LeastSquares {
    /** Steps around which finer ones are tried. */
    static final int STARTS = 8;

    private static final int OCTAVES = 9;
    private static final int PER_OCTAVE = 16;

    private LeastSquares() {}

    /** Of every step: down from the largest, one code of one value changes at a time. */
    static double ofAll(float[] values, int offset, int length, CodeRange codes, double widest) {
        long[] changes = new long[Math.toIntExact((long) length * Math.max(codes.high(), -codes.low()))];
        int count = 0;
        for (int i = 0; i < length; i++) {
            float x = values[offset + i];
            int last = Float.isFinite(x) ? end(x, codes) : 0;
            for (int code = 1; code <= last; code++) {
                // Positive floats are in the order of their bits; as much may lie between two of them as may.
                float step = (float) (Math.abs(x) / (code - 0.5));
                changes[count++] = (long) Float.floatToRawIntBits(step) << Integer.SIZE | i;
            }
        }
        Arrays.sort(changes, 0, count);
        int[] reached = new int[length];
        double products = 0;
        double squares = 0;
        double most = 0;
        double best = widest;
        for (int at = count - 1; at >= 0; at--) {
            int i = (int) changes[at];
            int code = ++reached[i];
            products += Math.abs(values[offset + i]);
            squares += 2 * code - 1;
            double gain = products / squares * products;
            if (gain > most) {
                most = gain;
                best = products / squares;
            }
        }
        return best;
    }

    /** The highest magnitude of a code that a value of this sign has. */
    private static int end(float x, CodeRange codes) {
        return x == 0 ? 0 : Math.max(0, x > 0 ? codes.high() : -codes.low());
    }

    /**
     * Of steps in equal ratios and, around the best of them, in ratios so fine that the highest codes move by a part of
     * one; then codes and step better each other in turn.
     */
    static double ofStarts(float[] values, int offset, int length, CodeRange codes, double widest) {
        double[] steps = new double[OCTAVES * PER_OCTAVE];
        double[] gains = new double[steps.length];
        // The best step so far, for the codes of some step, and how much it lessens the sum.
        double[] best = {widest, 0};
        for (int i = 0; i < steps.length; i++) {
            steps[i] = 2 * widest * StrictMath.pow(2, -(double) i / PER_OCTAVE);
            gains[i] = better(values, offset, length, codes, steps[i], best);
        }
        int fine = 2 + Math.max(codes.high(), -codes.low()) / 16;
        for (int start = 0; start < STARTS; start++) {
            int at = highest(gains);
            gains[at] = -1;
            for (int i = -fine; i <= fine; i++) {
                double step = steps[at] * StrictMath.pow(2, (double) i / (2 * fine * PER_OCTAVE));
                better(values, offset, length, codes, step, best);
            }
        }
        double before = -1;
        while (best[1] > before) {
            before = best[1];
            better(values, offset, length, codes, best[0], best);
        }
        return best[0];
    }

    private static int highest(double[] gains) {
        int at = 0;
        for (int i = 1; i < gains.length; i++) {
            at = gains[i] > gains[at] ? i : at;
        }
        return at;
    }

    /**
     * By how much the best step for the codes of {@code step} lessens the sum of squares; it becomes {@code best} where
     * that is more.
     */
    private static double better(float[] values, int offset, int length, CodeRange codes, double step, double[] best) {
        double products = 0;
        double squares = 0;
        for (int i = 0; i < length; i++) {
            double x = values[offset + i];
            if (Math.abs(x) <= Float.MAX_VALUE) {
                double code = Math.min(Math.max(Math.rint(x / step), codes.low()), codes.high());
                products += x * code;
                squares += code * code;
            }
        }
        double gain = squares > 0 && products > 0 ? products / squares * products : 0;
        if (gain > best[1]) {
            best[0] = products / squares;
            best[1] = gain;
        }
        return gain;
    }
}
