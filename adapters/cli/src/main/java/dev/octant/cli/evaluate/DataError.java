package dev.octant.cli.evaluate;

/**
 * Errors of a quantized op over the finite values of its data.
 *
 * @param clippedFraction share of values outside the chosen input range, 0..1
 * @param inputSqnrDb signal to quantization noise of the input, {@code 10 log10(sum x^2 / sum (x - x')^2)}; infinite
 *     where there is no noise, NaN where there is no signal
 * @param outputSqnrDb the same of the output, against the float function of the float input
 * @param maxErrorSteps largest error of an output, in output steps
 */
public record DataError(double clippedFraction, double inputSqnrDb, double outputSqnrDb, double maxErrorSteps) {}
