// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.CodeRange;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.fake.FakeGrid;
import dev.octant.core.internal.text.Given;
import org.apache.commons.lang3.Validate;

/**
 * Where a learned step begins, computed from the values it will stand for; zero point 0.
 *
 * <pre>
 * MEAN_MAGNITUDE   2 mean |x| / sqrt(qmax)                      LSQ (Esser et al. 2020)
 * DEVIATION        max(|mu - 3 sigma|, |mu + 3 sigma|) / 2^(bits - 1)   LSQ+ (Bhalgat et al. 2020), for weights
 * LARGEST          max |x| / qmax
 * LEAST_SQUARES    the step of least sum of (x - y)^2
 * </pre>
 *
 * <p>{@code qmax} is the highest code. At 8 bits LSQ's own start is several times the step of least squares, at 2 bits
 * the largest value's is: the last constant begins where training would lead. A value that is not finite is left out;
 * where no code is negative, |x| of a negative value is 0; of values that are all 0 the step is 1. A step is held
 * within the positive normal floats by which every code's value is finite. Stateless.
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
            double best = widest;
            double least = squares(values, offset, length, codes, widest);
            // From the largest value's step down in parts of an octave, then around the best in finer ones.
            for (int i = 1; i <= OCTAVES * PER_OCTAVE; i++) {
                double step = widest * StrictMath.pow(2, -(double) i / PER_OCTAVE);
                double error = squares(values, offset, length, codes, step);
                if (error < least) {
                    least = error;
                    best = step;
                }
            }
            double middle = best;
            for (int i = -FINE; i <= FINE; i++) {
                double step = middle * StrictMath.pow(2, (double) i / (PER_OCTAVE * FINE));
                double error = squares(values, offset, length, codes, step);
                if (error < least) {
                    least = error;
                    best = step;
                }
            }
            return best;
        }
    };

    private static final int OCTAVES = 8;
    private static final int PER_OCTAVE = 16;
    private static final int FINE = 8;

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

    private static double squares(float[] values, int offset, int length, CodeRange codes, double step) {
        FakeGrid grid = FakeGrid.of(LearnedStep.normal(step), codes.low(), codes.high(), true);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            float value = values[offset + i];
            double error = Float.isFinite(value) ? (double) value - (double) grid.whole(value) * grid.scale() : 0;
            sum += error * error;
        }
        return sum;
    }
}
