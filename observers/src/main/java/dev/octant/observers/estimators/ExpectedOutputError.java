// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import java.util.function.DoubleUnaryOperator;

/**
 * What running a function as a table of codes is expected to cost, per finite value that counts, from a summary alone.
 *
 * <pre>
 * rounding + clipping = mean of (v(quantize(x)) - f(x))^2
 * v(q) = output.dequantize(clip(output.quantize((float) f(input.dequantize(q))), codes inside the codomain))
 * SQNR = 10 log10(mean of signal^2 / mean of error^2)     in dB; +Inf where nothing is lost
 * </pre>
 *
 * <p>Values of which f is beyond the floats, as exp is from 88.7 on, do not count: no error can be given for them. Only
 * where all are such, f is taken as the largest float. The input SQNR is of all finite values.
 *
 * <p>An error is clipping where the input lies more than half a step beyond the input codes, or the function's value
 * more than half a step beyond the output codes in use. Values are taken as spread evenly over their histogram cell;
 * exact zeros are exact. The input SQNR is that of the input's parameters alone. Units: squares of real values.
 * Immutable and thread safe.
 *
 * @param inputSqnr signal to noise of the quantized input, in dB
 * @param outputSqnr signal to noise of the table's output, in dB
 * @param rounding the mean square of the output error that comes from values not clipped
 * @param clipping the mean square of the output error that comes from clipped values
 */
public record ExpectedOutputError(double inputSqnr, double outputSqnr, double rounding, double clipping) {
    /**
     * The expected error of a tabulated function on what was observed.
     *
     * @param function a number for every finite input
     * @param codomain the values the function can take: no output code outside is used
     * @throws IllegalStateException if no finite value was observed
     * @throws IllegalArgumentException if the function is NaN within the observed values, or no output code lies inside
     *     the codomain
     */
    public static ExpectedOutputError of(
            HistogramSummary summary,
            QuantParams input,
            QuantParams output,
            DoubleUnaryOperator function,
            RealRange codomain) {
        Given.require("summary", summary);
        Given.require("input", input);
        Given.require("output", output);
        Given.require("function", function);
        Given.require("codomain", codomain);
        TabulatedError error = new TabulatedError(Density.of(summary), function, codomain);
        return of(summary, error, error.sliced(input), output, ExpectedError.of(summary, input));
    }

    /** The same, from what is known already. */
    static ExpectedOutputError of(
            HistogramSummary summary,
            TabulatedError error,
            TabulatedError.Sliced sliced,
            QuantParams output,
            ExpectedError inputError) {
        double finite = summary.counts().finite();
        double values = finite - error.leftOut();
        output.codesWithin(error.codomain());
        double total = sliced.error(output);
        double clipped = sliced.clipped(output);
        return new ExpectedOutputError(
                decibels(summary.sumOfSquares() / finite, inputError.total()),
                decibels(error.signal(), total),
                total > clipped ? (total - clipped) / values : 0,
                clipped / values);
    }

    /** The mean squared error of the output: rounding and clipping together. */
    public double total() {
        return rounding + clipping;
    }

    private static double decibels(double signal, double noise) {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }
}
