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
    private final Output own;

    /** The best one for the input, or null where that is the method's own. */
    private final Output best;

    private final TensorQuantizer input;
    private final ErrorTally inputErrors;

    /** An output range, the op that it leads to, and what that costs. */
    private static final class Output {
        private final RealRange range;
        private final QuantizedActivation quantized;
        private final TensorQuantizer output;
        private final ErrorTally errors;

        Output(RealRange represented, RealRange range, QuantizedActivation quantized) {
            this.range = range;
            this.quantized = quantized;
            this.output = TensorQuantizer.of(quantized.output(), quantized.profile());
            RealRange codes = quantized.output().range();
            double half = quantized.output().scale() / 2.0;
            this.errors = ErrorTally.of(represented, RealRange.of(codes.min() - half, codes.max() + half));
        }

        void add(MeasuredBlock block) {
            quantized.table().apply(block.codes, 0, block.outputCodes, 0, block.valued());
            output.dequantize(block.outputCodes, 0, block.approximations, 0, block.valued());
            errors.add(block.inputs, block.outputs, block.approximations, 0, block.valued());
        }
    }

    /** A meter of the op that {@code method} led to by choosing {@code range}, which parameters widen to hold 0. */
    ErrorMeter(Method method, RealRange range, RealRange outputRange, QuantizedActivation quantized) {
        this(method, range, outputRange, quantized, outputRange, quantized);
    }

    /** The same, and beside it of the op with the best output range for that input. */
    ErrorMeter(
            Method method,
            RealRange range,
            RealRange outputRange,
            QuantizedActivation quantized,
            RealRange bestRange,
            QuantizedActivation best) {
        this.method = method;
        this.range = range;
        this.input = TensorQuantizer.of(quantized.input(), quantized.profile());
        RealRange represented = range.includingZero();
        this.inputErrors = ErrorTally.of(represented, represented);
        this.own = new Output(represented, outputRange, quantized);
        this.best = best.output().equals(quantized.output()) ? null : new Output(represented, bestRange, best);
    }

    /** Adds a block; works in its room. */
    void add(MeasuredBlock block) {
        byte[] codes = block.codes;
        float[] approximations = block.approximations;
        input.quantize(block.inputs, 0, codes, 0, block.length());
        input.dequantize(codes, 0, approximations, 0, block.length());
        inputErrors.add(block.inputs, block.inputs, approximations, 0, block.length());
        own.add(block);
        if (best != null) {
            best.add(block);
        }
    }

    MethodResult result() {
        DataError error = new DataError(
                (double) inputErrors.clipped() / inputErrors.count(),
                decibels(inputErrors),
                decibels(own.errors),
                own.errors.count() == 0
                        ? Double.NaN
                        : own.errors.largest() / own.quantized.output().scale(),
                means(inputErrors),
                means(own.errors));
        Output chosen = best == null ? own : best;
        return new MethodResult(
                method,
                range,
                own.range,
                own.quantized,
                error,
                new BestOutput(chosen.range, chosen.quantized.output(), decibels(chosen.errors)));
    }

    private static SplitError means(ErrorTally errors) {
        return new SplitError(errors.roundingNoise() / errors.count(), errors.clippingNoise() / errors.count());
    }

    private static double decibels(ErrorTally errors) {
        return 10 * Math.log10(errors.signal() / (errors.roundingNoise() + errors.clippingNoise()));
    }
}
