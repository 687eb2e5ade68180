// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

/**
 * Errors of a quantized op over the finite values of its data; those of the output over the values whose output is
 * finite in float, too.
 *
 * @param clippedFraction share of values outside the chosen input range, 0..1
 * @param inputSqnrDb signal to quantization noise of the input, {@code 10 log10(sum x^2 / sum (x - x')^2)}; infinite
 *     where there is no noise, NaN where there is no signal
 * @param outputSqnrDb the same of the output, against the float function: the float nearest to f(x)
 * @param maxErrorSteps largest error of an output, in output steps; NaN where it is not known
 * @param input mean squared error of the input, {@code clipping} that of values outside the range
 * @param output mean squared error of the output, {@code clipping} that of values whose input lies outside the range or
 *     whose output lies outside the codes
 */
public record DataError(
        double clippedFraction,
        double inputSqnrDb,
        double outputSqnrDb,
        double maxErrorSteps,
        SplitError input,
        SplitError output) {}
