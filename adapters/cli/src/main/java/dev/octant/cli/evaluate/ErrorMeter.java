package dev.octant.cli.evaluate;

import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.observers.RangeEstimator;
import dev.octant.ops.QuantizedActivation;

/**
 * Measures one quantized op on the data as it streams by. Values that are not finite are left out: quantization maps
 * them by rule, and no error can be given for them.
 */
final class ErrorMeter {
    private final RangeEstimator method;
    private final RealRange range;
    private final RealRange represented;
    private final QuantizedActivation quantized;
    private long values;
    private long clipped;
    private double inputSignal;
    private double inputNoise;
    private double outputSignal;
    private double outputNoise;
    private double largestError;

    /** A meter of the op that {@code method} led to by choosing {@code range}, which parameters widen to hold 0. */
    ErrorMeter(RangeEstimator method, RealRange range, QuantizedActivation quantized) {
        this.method = method;
        this.range = range;
        this.represented = range.includingZero();
        this.quantized = quantized;
    }

    /** One finite input and the float function's output for it. */
    void add(float x, double y) {
        QuantParams input = quantized.input();
        int code = quantized.profile().quantize(x, input);
        double inputError = (double) x - input.dequantize(code);
        double outputError = y - quantized.output().dequantize(quantized.apply(code));
        values++;
        if (!represented.contains(x)) {
            clipped++;
        }
        inputSignal += (double) x * x;
        inputNoise += inputError * inputError;
        outputSignal += y * y;
        outputNoise += outputError * outputError;
        largestError = Math.max(largestError, Math.abs(outputError));
    }

    MethodResult result() {
        DataError error = new DataError(
                (double) clipped / values,
                decibels(inputSignal, inputNoise),
                decibels(outputSignal, outputNoise),
                largestError / quantized.output().scale());
        return new MethodResult(method, range, quantized, error);
    }

    private static double decibels(double signal, double noise) {
        return 10 * Math.log10(signal / noise);
    }
}
