// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.affine.Affine;
import dev.octant.ops.internal.engines.FloatFunction;
import dev.octant.ops.internal.engines.XnnpackFunctions;
import java.util.function.IntUnaryOperator;
import org.apache.commons.lang3.Validate;

/**
 * The 8-bit activations of XNNPACK, the copy inside TensorFlow 2.21.
 *
 * <pre>
 * table        x = (q - inZero) * inScale;  q' = clamp(round(f(x) * (1 / outScale) + outZero))      float throughout
 * identity     q' = clamp(((q - inZero) * k + 256 outZero + 128) >> 8)       k = rint(256 * (inScale / outScale))
 * leaky_relu   the same, with k = rint(256 * (inScale / outScale * slope)) for q below inZero
 * </pre>
 *
 * <p>The table rounds after the zero point has been added, ties away from zero; later versions round them to even. NaN,
 * which only the logarithm and the reciprocal root of negative numbers give, becomes code 0, whatever the zero point;
 * infinities saturate. The two integer forms keep eight bits of the ratio: about one code in twenty differs by one
 * from the nearest.
 *
 * <p>Functions: sigmoid, tanh, elu, gelu, gelu_tanh, hardswish, exp, log, rsqrt; relu, relu6 and hardtanh as a clamp.
 * Refused, as the engine does: int8_narrow, different types in and out, and for the integer forms {@code inScale /
 * outScale} outside [2^-8, 2^7], for leaky_relu also that times the slope outside (-2^7, 2^7] or below 2^-8 in
 * magnitude.
 *
 * <p>Source: XNNPACK {@code src/reference/unary-elementwise.cc}, {@code src/qs8-vlrelu}, {@code src/qs8-vcvt}; sigmoid,
 * tanh, elu, leaky_relu and identity were measured, the others are read from the source.
 */
final class XnnpackTables implements EngineTables {
    static final EngineTables INSTANCE = new XnnpackTables();

    private static final float LEAST_RATIO = 0x1p-8f;
    private static final float MOST_RATIO = 0x1p7f;

    /** The lower end of a negative ratio: its multiplier still fits 16 bits. */
    private static final float LEAST_NEGATIVE_RATIO = -0x1.FFFCp6f;

    private XnnpackTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        requireTypes(in.type(), out.type());
        return switch (op.kind()) {
            case IDENTITY -> identity(in, out);
            case LEAKY_RELU -> leakyRelu(op.parameter(0), in, out);
            case SIGMOID -> table(XnnpackFunctions::sigmoid, in, out);
            case TANH -> table(XnnpackFunctions::tanh, in, out);
            case ELU -> elu(op.parameter(0), in, out);
            case GELU -> table(XnnpackFunctions::gelu, in, out);
            case GELU_TANH -> table(XnnpackFunctions::geluTanh, in, out);
            case HARDSWISH -> table(XnnpackFunctions::hardswish, in, out);
            case EXP -> table(XnnpackFunctions::exp, in, out);
            case LOG -> table(XnnpackFunctions::log, in, out);
            case RSQRT -> table(XnnpackFunctions::rsqrt, in, out);
            case RELU -> clamp(0, Float.POSITIVE_INFINITY, in, out);
            case RELU6 -> clamp(0, 6, in, out);
            case HARDTANH -> clamp(op.parameter(0), op.parameter(1), in, out);
            default -> throw EngineTables.missing(Profile.XNNPACK, op);
        };
    }

    private static IntUnaryOperator table(FloatFunction f, QuantParams in, QuantParams out) {
        float inverse = 1f / out.scale();
        int low = out.type().low();
        int high = out.type().high();
        return q -> {
            float x = ((float) q - in.zeroPoint()) * in.scale();
            float rounded = Affine.roundHalfAway(f.apply(x) * inverse + out.zeroPoint());
            return Math.min(Math.max((int) rounded, low), high);
        };
    }

    private static IntUnaryOperator elu(float alpha, QuantParams in, QuantParams out) {
        Validate.isTrue(
                alpha >= Float.MIN_NORMAL && alpha <= Float.MAX_VALUE,
                "alpha of elu must be a positive normal float under profile xnnpack, was %s",
                Float.toString(alpha));
        return table(x -> XnnpackFunctions.elu(x, alpha), in, out);
    }

    private static IntUnaryOperator clamp(float low, float high, QuantParams in, QuantParams out) {
        return table(x -> XnnpackFunctions.clamp(x, low, high), in, out);
    }

    private static IntUnaryOperator identity(QuantParams in, QuantParams out) {
        int multiplier = multiplier(ratio(ActivationKind.IDENTITY, in, out));
        return rectified(multiplier, multiplier, in, out);
    }

    private static IntUnaryOperator leakyRelu(float slope, QuantParams in, QuantParams out) {
        float positive = ratio(ActivationKind.LEAKY_RELU, in, out);
        float negative = positive * slope;
        Validate.isTrue(
                negative >= LEAST_NEGATIVE_RATIO && negative <= MOST_RATIO && Math.abs(negative) >= LEAST_RATIO,
                "slope of leaky_relu times the ratio of its scales must be within (-2^7, 2^7] and at least 2^-8 in"
                        + " magnitude under profile xnnpack, was %s",
                Float.toString(negative));
        return rectified(multiplier(positive), multiplier(negative), in, out);
    }

    private static IntUnaryOperator rectified(int positive, int negative, QuantParams in, QuantParams out) {
        int low = out.type().low();
        int high = out.type().high();
        int zero = in.zeroPoint();
        int offset = (out.zeroPoint() << 8) + 128;
        return q -> Math.min(Math.max(((q - zero) * (q >= zero ? positive : negative) + offset) >> 8, low), high);
    }

    private static float ratio(ActivationKind kind, QuantParams in, QuantParams out) {
        float ratio = in.scale() / out.scale();
        Validate.isTrue(
                ratio >= LEAST_RATIO && ratio <= MOST_RATIO,
                "ratio of the scales of %s must be within [2^-8, 2^7] under profile xnnpack, was %s",
                kind.label(),
                ratio);
        return ratio;
    }

    private static int multiplier(float ratio) {
        return (int) Math.rint(256f * ratio);
    }

    private static void requireTypes(QuantType in, QuantType out) {
        Validate.isTrue(in != QuantType.INT8_NARROW, "type must be int8 or uint8 under profile xnnpack, was %s", in);
        Validate.isTrue(in == out, "output type must be the input's %s under profile xnnpack, was %s", in, out);
    }
}
