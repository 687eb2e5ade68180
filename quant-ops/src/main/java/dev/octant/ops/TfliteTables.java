// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.ops.internal.engines.FixedPoint;
import dev.octant.ops.internal.engines.FloatFunction;
import dev.octant.ops.internal.engines.TfliteFunctions;
import dev.octant.ops.internal.engines.TfliteHardswish;
import java.util.function.IntUnaryOperator;
import org.apache.commons.lang3.Validate;

/**
 * The 8-bit activations of TensorFlow Lite's reference kernels. Its optimised kernels give the same codes.
 *
 * <pre>
 * table      x = inScale * (q - inZero);  q' = clamp(int(round(f(x) * (1 / outScale)) + outZero))     float throughout,
 *            round half away from zero: sigmoid, tanh, elu, gelu, gelu_tanh, exp, log
 * integer    q' = clamp(M * (q - inZero) + outZero)   M a {@link FixedPoint}: identity, relu and its like, leaky_relu,
 *            prelu; hardswish in 16 bits ({@link TfliteHardswish}), rsqrt by Newton steps
 * </pre>
 *
 * <p>With M: identity has {@code inScale / outScale} in double; relu, relu6, hardtanh the float quotient, and clamp to
 * {@code outZero + round(end / outScale)}; leaky_relu the float quotients {@code inScale / outScale} and
 * {@code inScale * slope / outScale}; prelu {@link #prelu}. rsqrt holds {@code 1 / sqrt(q - inZero)} with 20 bits and
 * multiplies by {@code 1 / (sqrt(inScale) * outScale)}; code {@code inZero} gives the highest code.
 *
 * <p>Where C leaves the result undefined (a float beyond the int range) it saturates here. The engine stops with an
 * error when it meets a negative input of rsqrt; the table has the highest code there. The logarithm of 0 and of
 * negative inputs is the lowest code.
 *
 * <p>Refused, as the engine does: types other than int8 and uint8, different types in and out (identity excepted), elu,
 * exp, log and rsqrt of uint8, elu with an alpha other than 1, hardtanh other than (-1, 1) and (0, 1), an output
 * scale of sigmoid other than 1/256, and hardswish with {@code inScale >= 128 outScale}.
 *
 * <p>Source: TensorFlow 2.21, {@code tensorflow/lite/kernels}; measured on x86-64.
 */
final class TfliteTables implements EngineTables {
    static final EngineTables INSTANCE = new TfliteTables();

    private static final float SIGMOID_SCALE = 1f / 256;
    private static final int RSQRT_BITS = 20;

    private TfliteTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        requireTypes(op, in.type(), out.type());
        return switch (op.kind()) {
            case IDENTITY -> scaled(in, out, in.scale() / (double) out.scale());
            case SIGMOID -> sigmoid(in, out);
            case TANH -> table(TfliteFunctions::tanh, in, out);
            case ELU -> elu(op.parameters().get(0), in, out);
            case GELU -> table(TfliteFunctions::gelu, in, out);
            case GELU_TANH -> table(TfliteFunctions::geluTanh, in, out);
            case EXP -> table(TfliteFunctions::exp, in, out);
            case LOG -> log(in, out);
            case RSQRT -> rsqrt(in, out);
            case HARDSWISH -> TfliteHardswish.codes(in, out);
            case RELU -> clamped(0, Float.POSITIVE_INFINITY, in, out);
            case RELU6 -> clamped(0, 6, in, out);
            case HARDTANH -> hardtanh(op.parameters().get(0), op.parameters().get(1), in, out);
            case LEAKY_RELU -> leakyRelu(op.parameter(0), in, out);
            case PRELU -> prelu(op.parameters().get(0), in, out);
            default -> throw EngineTables.missing(Profile.TFLITE, op);
        };
    }

    /**
     * PReLU whose slope is itself a quantized number, as it is in a model: {@code M (q - inZero)} with
     * {@code M = inScale / outScale} where that is not negative, else {@code M' (q - inZero) (slopeCode - slopeZero)}
     * with {@code M' = inScale * slopeScale / outScale}, both quotients in float. The scale of the slope sets where
     * the product is first rounded, so equal slopes with different scales can differ by one code.
     */
    static IntUnaryOperator prelu(QuantParams slope, int slopeCode, QuantParams in, QuantParams out) {
        FixedPoint positive = FixedPoint.of(in.scale() / out.scale());
        FixedPoint negative = FixedPoint.of(in.scale() * slope.scale() / out.scale());
        int factor = slopeCode - slope.zeroPoint();
        int zero = in.zeroPoint();
        return q -> shifted(q >= zero ? positive.multiply(q - zero) : negative.multiply((q - zero) * factor), out);
    }

    /**
     * A slope given as a real number has to be quantized, as it is in a model. A whole number of hundredths up to
     * 1.27 is that code with the scale 0.01, which holds 0.1 and 0.25 as they are written; any other is quantized as
     * weights are, symmetric, and has the code 127 or -127.
     */
    private static IntUnaryOperator prelu(double slope, QuantParams in, QuantParams out) {
        double hundredths = Math.rint(slope * 100);
        if (hundredths / 100 == slope && Math.abs(hundredths) <= QuantType.INT8_NARROW.high()) {
            return prelu(QuantParams.of(QuantType.INT8_NARROW, 0.01f, 0), (int) hundredths, in, out);
        }
        QuantParams grid = QuantScheme.SYMMETRIC.choose(
                RealRange.of(Math.min(slope, 0), Math.max(slope, 0)), QuantType.INT8_NARROW);
        return prelu(grid, grid.quantize((float) slope), in, out);
    }

    private static IntUnaryOperator sigmoid(QuantParams in, QuantParams out) {
        Validate.isTrue(
                out.scale() == SIGMOID_SCALE,
                "output scale of sigmoid must be 1/256 under profile tflite, was %s",
                Float.toString(out.scale()));
        return table(TfliteFunctions::sigmoid, in, out);
    }

    private static IntUnaryOperator elu(double alpha, QuantParams in, QuantParams out) {
        Validate.isTrue(alpha == 1, "alpha of elu must be 1 under profile tflite, was %s", alpha);
        return table(TfliteFunctions::elu, in, out);
    }

    private static IntUnaryOperator hardtanh(double low, double high, QuantParams in, QuantParams out) {
        Validate.isTrue(
                high == 1 && (low == -1 || low == 0),
                "ends of hardtanh must be -1, 1 or 0, 1 under profile tflite, were %s, %s",
                low,
                high);
        return clamped((float) low, (float) high, in, out);
    }

    private static IntUnaryOperator log(QuantParams in, QuantParams out) {
        float floor = (out.type().low() - out.zeroPoint()) * out.scale();
        return table(x -> TfliteFunctions.log(x, floor), in, out);
    }

    private static IntUnaryOperator table(FloatFunction f, QuantParams in, QuantParams out) {
        float inverse = 1f / out.scale();
        return q -> {
            float x = in.scale() * (q - in.zeroPoint());
            float rounded = Profile.TFLITE.round(f.apply(x) * inverse);
            return clamp((int) (rounded + out.zeroPoint()), out.type());
        };
    }

    private static IntUnaryOperator scaled(QuantParams in, QuantParams out, double ratio) {
        FixedPoint multiplier = FixedPoint.of(ratio);
        return q -> shifted(multiplier.multiply(q - in.zeroPoint()), out);
    }

    private static IntUnaryOperator clamped(float low, float high, QuantParams in, QuantParams out) {
        float ratio = in.scale() / out.scale();
        IntUnaryOperator codes = scaled(in, out, ratio);
        int least = end(low, out);
        int most = end(high, out);
        return q -> Math.min(Math.max(codes.applyAsInt(q), least), most);
    }

    private static IntUnaryOperator leakyRelu(float slope, QuantParams in, QuantParams out) {
        FixedPoint positive = FixedPoint.of(in.scale() / out.scale());
        FixedPoint negative = FixedPoint.of(in.scale() * slope / out.scale());
        int zero = in.zeroPoint();
        return q -> shifted((q >= zero ? positive : negative).multiply(q - zero), out);
    }

    private static IntUnaryOperator rsqrt(QuantParams in, QuantParams out) {
        float root = (float) Math.sqrt(in.scale());
        FixedPoint multiplier = FixedPoint.of(1.0 / (root * out.scale())).scaled(-RSQRT_BITS);
        int zero = in.zeroPoint();
        return q -> {
            if (q <= zero) {
                return out.type().high();
            }
            int root20 = FixedPoint.reciprocalSqrt(q - zero).scaled(RSQRT_BITS).multiply(1);
            return shifted(multiplier.multiply(root20), out);
        };
    }

    /** The code of a clamp's end, within the type. */
    private static int end(float value, QuantParams out) {
        return shifted((int) Profile.TFLITE.round(value / out.scale()), out);
    }

    private static int shifted(int steps, QuantParams out) {
        return clamp((long) steps + out.zeroPoint(), out.type());
    }

    private static int clamp(long code, QuantType type) {
        return (int) Math.min(Math.max(code, type.low()), type.high());
    }

    private static void requireTypes(Activation op, QuantType in, QuantType out) {
        requireFullType(in);
        requireFullType(out);
        Validate.isTrue(
                in == out || op.kind() == ActivationKind.IDENTITY,
                "output type of %s must be the input's %s under profile tflite, was %s",
                op.name(),
                in,
                out);
        boolean signedOnly = switch (op.kind()) {
            case ELU, EXP, LOG, RSQRT -> true;
            default -> false;
        };
        Validate.isTrue(
                !signedOnly || in == QuantType.INT8,
                "type of %s must be int8 under profile tflite, was %s",
                op.name(),
                in);
    }

    private static void requireFullType(QuantType type) {
        Validate.isTrue(type != QuantType.INT8_NARROW, "type must be int8 or uint8 under profile tflite, was %s", type);
    }
}
