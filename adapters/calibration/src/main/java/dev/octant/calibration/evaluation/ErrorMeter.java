// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.Method;
import dev.octant.core.ErrorTally;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import dev.octant.ops.QuantizedActivation;

/**
 * Measures one quantized op on the data as it streams by. Values that are not finite are left out: quantization maps
 * them by rule, and no error can be given for them. The same holds for outputs of the float function beyond the
 * floats, whose inputs count all the same. Not thread safe.
 */
final class ErrorMeter {
    private final Method method;
    private final RealRange range;
    private final RealRange outputRange;
    private final QuantizedActivation quantized;
    private final TensorQuantizer input;
    private final TensorQuantizer output;
    private final ErrorTally inputErrors;
    private final ErrorTally outputErrors;

    /** A meter of the op that {@code method} led to by choosing {@code range}, which parameters widen to hold 0. */
    ErrorMeter(Method method, RealRange range, RealRange outputRange, QuantizedActivation quantized) {
        this.method = method;
        this.range = range;
        this.outputRange = outputRange;
        this.quantized = quantized;
        this.input = TensorQuantizer.of(quantized.input(), quantized.profile());
        this.output = TensorQuantizer.of(quantized.output(), quantized.profile());
        RealRange represented = range.includingZero();
        RealRange codes = quantized.output().range();
        double half = quantized.output().scale() / 2.0;
        this.inputErrors = ErrorTally.of(represented, represented);
        this.outputErrors = ErrorTally.of(represented, RealRange.of(codes.min() - half, codes.max() + half));
    }

    /** Adds a block; works in its room. */
    void add(MeasuredBlock block) {
        byte[] codes = block.codes;
        float[] approximations = block.approximations;
        input.quantize(block.inputs, 0, codes, 0, block.length());
        input.dequantize(codes, 0, approximations, 0, block.length());
        inputErrors.add(block.inputs, block.inputs, approximations, 0, block.length());
        quantized.table().apply(codes, 0, codes, 0, block.valued());
        output.dequantize(codes, 0, approximations, 0, block.valued());
        outputErrors.add(block.inputs, block.outputs, approximations, 0, block.valued());
    }

    MethodResult result() {
        DataError error = new DataError(
                (double) inputErrors.clipped() / inputErrors.count(),
                decibels(inputErrors),
                decibels(outputErrors),
                outputErrors.count() == 0
                        ? Double.NaN
                        : outputErrors.largest() / quantized.output().scale(),
                means(inputErrors),
                means(outputErrors));
        return new MethodResult(method, range, outputRange, quantized, error);
    }

    private static SplitError means(ErrorTally errors) {
        return new SplitError(errors.roundingNoise() / errors.count(), errors.clippingNoise() / errors.count());
    }

    private static double decibels(ErrorTally errors) {
        return 10 * Math.log10(errors.signal() / (errors.roundingNoise() + errors.clippingNoise()));
    }
}
