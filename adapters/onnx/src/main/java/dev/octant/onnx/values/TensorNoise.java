// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import dev.octant.core.QuantParams;
import dev.octant.observers.HistogramSummary;
import java.util.Optional;

/**
 * What becomes of a value of a float model in its int8 one.
 *
 * @param name of the value in the float model
 * @param sqnrDb {@code 10 log10(sum a^2 / sum (a - b)^2)} in decibels, where a is the float model's value and b the
 *     int8 model's, with the noise of all before it; infinite where all are equal, NaN where one is NaN
 * @param largestError the largest {@code |a - b|}
 * @param seen the values of the float model
 * @param params those of its codes; empty where it stays float
 * @param clipped the share of values of the float model beyond the range of the codes by more than half a step, which
 *     are not rounded but cut off; 0 where it stays float
 */
public record TensorNoise(
        String name,
        double sqnrDb,
        double largestError,
        HistogramSummary seen,
        Optional<QuantParams> params,
        double clipped) {}
