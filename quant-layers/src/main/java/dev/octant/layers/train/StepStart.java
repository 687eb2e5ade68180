// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.CodeRange;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import org.apache.commons.lang3.Validate;

/**
 * Where a learned step begins, computed from the values it will stand for; zero point 0.
 *
 * <pre>
 * MEAN_MAGNITUDE   2 mean |x| / sqrt(qmax)                      LSQ (Esser et al. 2020)
 * DEVIATION        max(|mu - 3 sigma|, |mu + 3 sigma|) / 2^(bits - 1)   LSQ+ (Bhalgat et al. 2020), for weights
 * LARGEST          max |x| / qmax
 * LEAST_SQUARES    the step of least sum of (x - y)^2, as below
 * </pre>
 *
 * <p>{@code qmax} is the highest code. At 8 bits LSQ's own start is several times the step of least squares, at 2 bits
 * the largest value's is: the last constant begins where training would lead. Where values times highest code are at
 * most 32,768, it is the least of all steps: with codes q held the best step is {@code sum xq / sum qq}, and every
 * change of a code on the way down from the largest step is passed. Of more it is the best of 16 steps to an octave, of
 * finer ones around the best eight, and then the best for its own codes: within 2 % of the least sum in tests, 0.2 % for
 * a thousand normal values and more. A value that is not finite is
 * left out; where no code is negative, |x| of a negative value is 0; of values that are all 0 the step is 1. A step is
 * held within the positive normal floats by which every code's value is finite. Stateless.
 */
public enum StepStart {
    MEAN_MAGNITUDE {
        @Override
        double of(float[] values, int offset, int length, CodeRange codes) {
            double sum = 0;
            for (int i = 0; i < length; i++) {
                sum += magnitude(values[offset + i], codes);
            }
            return 2 * sum / finite(values, offset, length) / Math.sqrt(codes.high());
        }
    },

    DEVIATION {
        @Override
        double of(float[] values, int offset, int length, CodeRange codes) {
            long count = finite(values, offset, length);
            double sum = 0;
            for (int i = 0; i < length; i++) {
                sum += Float.isFinite(values[offset + i]) ? values[offset + i] : 0;
            }
            double mean = sum / count;
            double squares = 0;
            for (int i = 0; i < length; i++) {
                double off = Float.isFinite(values[offset + i]) ? values[offset + i] - mean : 0;
                squares += off * off;
            }
            double reach = 3 * Math.sqrt(squares / count);
            int bits = 32 - Integer.numberOfLeadingZeros(codes.high() - codes.low());
            return Math.max(Math.abs(mean - reach), Math.abs(mean + reach)) / (1 << (bits - 1));
        }
    },

    LARGEST {
        @Override
        double of(float[] values, int offset, int length, CodeRange codes) {
            double largest = 0;
            for (int i = 0; i < length; i++) {
                largest = Math.max(largest, magnitude(values[offset + i], codes));
            }
            return largest / codes.high();
        }
    },

    LEAST_SQUARES {
        @Override
        double of(float[] values, int offset, int length, CodeRange codes) {
            double widest = LARGEST.of(values, offset, length, codes);
            long changes = (long) length * Math.max(codes.high(), -codes.low());
            if (widest == 0) {
                return 0;
            }
            return changes <= MOST_CHANGES
                    ? LeastSquares.ofAll(values, offset, length, codes, widest)
                    : LeastSquares.ofStarts(values, offset, length, codes, widest);
        }
    };

    private static final int MOST_CHANGES = 1 << 15;

    abstract double of(float[] values, int offset, int length, CodeRange codes);

    /**
     * The step for {@code values[offset .. offset + length)}.
     *
     * @throws IllegalArgumentException if none of the values is finite, or the highest code is not positive
     */
    public float step(float[] values, int offset, int length, CodeRange codes) {
        Bounds.check("values", values, offset, length);
        Given.require("codes", codes);
        Validate.isTrue(codes.high() > 0, "highest code must be positive, was %s", codes.high());
        Validate.isTrue(
                finite(values, offset, length) > 0, "values must hold a finite one, were %s without one", length);
        double step = of(values, offset, length, codes);
        return step == 0 ? 1 : LearnedStep.held(step, codes, 0);
    }

    static long finite(float[] values, int offset, int length) {
        long count = 0;
        for (int i = 0; i < length; i++) {
            count += Float.isFinite(values[offset + i]) ? 1 : 0;
        }
        return count;
    }

    private static double magnitude(float value, CodeRange codes) {
        return Float.isFinite(value) && (value > 0 || codes.low() < 0) ? Math.abs(value) : 0;
    }
}
