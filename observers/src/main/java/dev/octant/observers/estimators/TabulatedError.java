// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import java.util.function.DoubleUnaryOperator;

/**
 * The total squared error of a function that runs as a table of codes, over a density of its inputs.
 *
 * <pre>
 * E = sum over values of (v(quantize(x)) - f(x))^2
 * v(q) = output.dequantize(clip(output.quantize((float) f(input.dequantize(q))), codes inside the codomain))
 * </pre>
 *
 * <p>Values of which f is beyond the floats are left out: {@link ValuedCells}. Each cell of the density is cut into
 * pieces so short that f is a straight line on each, to 2^-14 of what f spans. The inputs of one code then cost {@code
 * F2 - 2 v F1 + v^2 F0}, F0 to F2 being the {@link Moments} of f over them: O(levels * log pieces) for new input
 * parameters and O(levels) for new output parameters.
 */
final class TabulatedError {
    /**
     * A straight line may miss f by this part of what f spans: a 64th of a step, which adds 0.3 % to the error at
     * most.
     */
    private static final double TOLERANCE = 0x1p-14;

    private static final int MOST_PIECES = 64;

    private final DoubleUnaryOperator function;
    private final RealRange codomain;
    private final Moments moments;
    private final double leftOut;

    /**
     * The error over a density.
     *
     * @throws IllegalArgumentException if the function is NaN somewhere in the density
     */
    TabulatedError(Density density, DoubleUnaryOperator function, RealRange codomain) {
        this.function = function;
        this.codomain = codomain;
        ValuedCells valued = ValuedCells.of(density, function);
        leftOut = valued.leftOut();
        int cells = valued.cells();
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < cells; i++) {
            lowest = Math.min(lowest, Math.min(valued.valueLeft(i), valued.valueRight(i)));
            highest = Math.max(highest, Math.max(valued.valueLeft(i), valued.valueRight(i)));
        }
        int[] cuts = new int[cells];
        int total = 0;
        for (int i = 0; i < cells; i++) {
            cuts[i] = cuts(
                    valued.left(i),
                    valued.right(i),
                    valued.valueLeft(i),
                    valued.valueRight(i),
                    (highest - lowest) * TOLERANCE);
            total += cuts[i];
        }
        double[] left = new double[total];
        double[] right = new double[total];
        double[] count = new double[total];
        double[] valueLeft = new double[total];
        double[] valueRight = new double[total];
        int piece = 0;
        for (int i = 0; i < cells; i++) {
            double width = valued.right(i) - valued.left(i);
            double from = valued.left(i);
            double fromValue = valued.valueLeft(i);
            for (int k = 1; k <= cuts[i]; k++) {
                double to = k == cuts[i] ? valued.right(i) : valued.left(i) + width * k / cuts[i];
                double toValue = k == cuts[i] ? valued.valueRight(i) : value(to);
                left[piece] = from;
                right[piece] = to;
                valueLeft[piece] = fromValue;
                valueRight[piece] = toValue;
                count[piece++] = valued.count(i) / cuts[i];
                from = to;
                fromValue = toValue;
            }
        }
        moments = new Moments(left, right, count, valueLeft, valueRight);
    }

    /** The function within the finite floats. */
    private double value(double x) {
        return ValuedCells.value(function, x);
    }

    /** Into how many pieces, a power of two, a cell is cut; a kink is met by the halves and quarters, too. */
    private int cuts(double from, double to, double fromValue, double toValue, double tolerance) {
        if (to <= from) {
            return 1;
        }
        double bend = 0;
        for (int k = 1; k < 4; k++) {
            double line = fromValue + (toValue - fromValue) * k / 4;
            bend = Math.max(bend, Math.abs(value(from + (to - from) * k / 4) - line));
        }
        // Halving a piece quarters the distance from the line.
        int cuts = 1;
        for (double left = bend; left > tolerance && cuts < MOST_PIECES; left /= 4) {
            cuts *= 2;
        }
        return cuts;
    }

    RealRange codomain() {
        return codomain;
    }

    /** How many values count for nothing, for the function's result is beyond the floats. */
    double leftOut() {
        return leftOut;
    }

    /** The sum of the squares of the function's exact values. */
    double signal() {
        return moments.end(2) - moments.start(2);
    }

    /** What no output parameters can avoid: all inputs beyond one end of the input grid share one output value. */
    double leastClipped(QuantParams input) {
        double lower = (input.type().low() - input.zeroPoint() - 0.5) * input.scale();
        double upper = (input.type().high() - input.zeroPoint() + 0.5) * input.scale();
        int first = moments.at(lower);
        int last = moments.at(upper);
        return aroundMean(
                        moments.below(first, lower, 0), moments.below(first, lower, 1), moments.below(first, lower, 2))
                + aroundMean(
                        moments.above(last, upper, 0), moments.above(last, upper, 1), moments.above(last, upper, 2));
    }

    private static double aroundMean(double m0, double m1, double m2) {
        return m0 > 0 ? Math.max(0, m2 - m1 * m1 / m0) : 0;
    }

    /** What is known of the function once the input parameters are. */
    Sliced sliced(QuantParams input) {
        return new Sliced(input);
    }

    /** The observed inputs cut into those of each input code, and those beyond the first and last one. */
    final class Sliced {
        /** Two more slices than codes: the first and last hold what lies more than half a step beyond the grid. */
        private final float[] values;

        private final double[][] sums = new double[Moments.POWERS][];
        private final int slices;

        private Sliced(QuantParams input) {
            QuantType type = input.type();
            slices = type.levels() + 2;
            values = new float[slices];
            for (int i = 1; i < slices - 1; i++) {
                values[i] = (float) value(input.dequantize(type.low() + i - 1));
            }
            values[0] = values[1];
            values[slices - 1] = values[slices - 2];
            for (int power = 0; power < Moments.POWERS; power++) {
                sums[power] = new double[slices];
            }
            double m0 = moments.start(0);
            double m1 = moments.start(1);
            double m2 = moments.start(2);
            double scale = input.scale();
            int piece = -1;
            for (int i = 0; i < slices; i++) {
                double n0;
                double n1;
                double n2;
                if (i == slices - 1) {
                    n0 = moments.end(0);
                    n1 = moments.end(1);
                    n2 = moments.end(2);
                } else {
                    double end = (type.low() - input.zeroPoint() + i - 0.5) * scale;
                    piece = moments.atOrAfter(piece, end);
                    n0 = moments.upTo(piece, end, 0);
                    n1 = moments.upTo(piece, end, 1);
                    n2 = moments.upTo(piece, end, 2);
                }
                sums[0][i] = n0 - m0;
                sums[1][i] = n1 - m1;
                sums[2][i] = n2 - m2;
                m0 = n0;
                m1 = n1;
                m2 = n2;
            }
        }

        /** The span of the function over the input codes that any value has. */
        RealRange span() {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < slices; i++) {
                if (sums[0][i] > 0) {
                    low = Math.min(low, values[i]);
                    high = Math.max(high, values[i]);
                }
            }
            return RealRange.of(low, high);
        }

        /**
         * The total squared error; infinite if no output code lies inside the codomain, or a code's value is
         * infinite.
         */
        double error(QuantParams output) {
            return error(output, false);
        }

        /** The part of it from inputs beyond the input grid and results beyond the output grid. */
        double clipped(QuantParams output) {
            return error(output, true);
        }

        private double error(QuantParams output, boolean clippedOnly) {
            int low = lowest(output);
            int high = highest(output);
            if (low > high) {
                return Double.POSITIVE_INFINITY;
            }
            double below = output.dequantize(low) - 0.5 * output.scale();
            double above = output.dequantize(high) + 0.5 * output.scale();
            double total = 0;
            for (int i = 0; i < slices; i++) {
                double m0 = sums[0][i];
                boolean clipped = i == 0 || i == slices - 1 || values[i] < below || values[i] > above;
                if (m0 > 0 && (clipped || !clippedOnly)) {
                    int code = Math.min(Math.max(output.quantize(values[i]), low), high);
                    double v = output.dequantize(code);
                    if (Double.isInfinite(v)) {
                        return Double.POSITIVE_INFINITY; // the grid's last code overflows a float
                    }
                    total += Moments.cost(v, m0, sums[1][i], sums[2][i]);
                }
            }
            return total;
        }
    }

    /** The lowest output code whose value is inside the codomain; the nearest code or the next one. */
    private int lowest(QuantParams output) {
        if (codomain.min() < output.dequantize(output.type().low())) {
            return output.type().low();
        }
        int code = output.quantize((float) codomain.min());
        return output.dequantize(code) < codomain.min() ? code + 1 : code;
    }

    private int highest(QuantParams output) {
        if (codomain.max() > output.dequantize(output.type().high())) {
            return output.type().high();
        }
        int code = output.quantize((float) codomain.max());
        return output.dequantize(code) > codomain.max() ? code - 1 : code;
    }
}
