package dev.octant.cli.evaluate;

import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.ops.QuantizedActivation;

/**
 * Measures one quantized op on the data as it streams by. Values that are not finite are left out: quantization maps
 * them by rule, and no error can be given for them.
 */
final class ErrorMeter {
    private final Method method;
    private final RealRange range;
    private final RealRange represented;
    private final RealRange outputCodes;
    private final QuantizedActivation quantized;
    private long values;
    private long clipped;
    private double inputSignal;
    private double inputRounding;
    private double inputClipping;
    private double outputSignal;
    private double outputRounding;
    private double outputClipping;
    private double largestError;

    /** A meter of the op that {@code method} led to by choosing {@code range}, which parameters widen to hold 0. */
    ErrorMeter(Method method, RealRange range, QuantizedActivation quantized) {
        this.method = method;
        this.range = range;
        this.represented = range.includingZero();
        this.quantized = quantized;
        RealRange output = quantized.output().range();
        double half = quantized.output().scale() / 2.0;
        this.outputCodes = RealRange.of(output.min() - half, output.max() + half);
    }

    /** One finite input and the float function's output for it. */
    void add(float x, double y) {
        QuantParams input = quantized.input();
        int code = quantized.profile().quantize(x, input);
        double inputError = (double) x - input.dequantize(code);
        double outputError = y - quantized.output().dequantize(quantized.apply(code));
        values++;
        boolean outside = !represented.contains(x);
        if (outside) {
            clipped++;
            inputClipping += inputError * inputError;
        } else {
            inputRounding += inputError * inputError;
        }
        if (outside || !outputCodes.contains(y)) {
            outputClipping += outputError * outputError;
        } else {
            outputRounding += outputError * outputError;
        }
        inputSignal += (double) x * x;
        outputSignal += y * y;
        largestError = Math.max(largestError, Math.abs(outputError));
    }

    MethodResult result() {
        DataError error = new DataError(
                (double) clipped / values,
                decibels(inputSignal, inputRounding + inputClipping),
                decibels(outputSignal, outputRounding + outputClipping),
                largestError / quantized.output().scale(),
                new SplitError(inputRounding / values, inputClipping / values),
                new SplitError(outputRounding / values, outputClipping / values));
        return new MethodResult(method, range, quantized, error);
    }

    private static double decibels(double signal, double noise) {
        return 10 * Math.log10(signal / noise);
    }
}
