// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.binary;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import dev.octant.ops.internal.engines.FixedPoint;
import java.util.function.IntBinaryOperator;
import org.apache.commons.lang3.Validate;

/**
 * Sum and product of two codes as the engines compute them. {@code sa, za, sb, zb, sc, zc} are the scales and zero
 * points of the operands and the result; all arithmetic is float where not said otherwise.
 *
 * <table>
 * <caption>Formulas</caption>
 * <tr><td>ONNX</td><td>dequantize both, add or multiply, quantize</td></tr>
 * <tr><td>ONNX Runtime</td><td>add: ra = sa / sc, rb = sb / sc, rint(fma(a, ra, fma(b, rb, zc - fma(ra, za, rb zb))));
 * multiply: rint((a - za)(b - zb) (sa sb / sc) + zc). The AVX2 kernels; ARM differs</td></tr>
 * <tr><td>TensorFlow Lite</td>
 * <td>add: operands shifted left by 20 bits, scaled by s / (2 max(sa, sb)), summed, scaled by
 * 2 max(sa, sb) / (2^20 sc); multiply: (a - za)(b - zb) scaled by sa sb / sc. Every scaling a {@link FixedPoint}; the
 * reference kernels</td></tr>
 * <tr><td>XNNPACK</td><td>add: multipliers of 21 bits, one rounding shift, halves upwards; multiply:
 * rint((a - za)(b - zb) (sa sb / sc)) + zc. The x86 kernels</td></tr>
 * <tr><td>PyTorch</td><td>add: fma(s, q, -(s z)) of both, sum, quantize by its profile; multiply:
 * rint((a - za)(b - zb) (sa sb (1 / sc))) + zc. The vector lanes</td></tr>
 * </table>
 *
 * <p>Scales whose ratio leaves the floats are refused: with an infinite multiplier 0 has no code. Every result
 * saturates. TensorFlow Lite's optimised product and PyTorch's vector product wrap to the other end
 * where a product is huge; they saturate here. Source: the engines at the versions named in {@link Profile}.
 */
public final class BinaryRules {
    private static final int TFLITE_LEFT_SHIFT = 20;

    /** So that {@code 255 (ra + rb)}, twice, is a float: the sum never takes an infinity from another. */
    private static final float MOST_SUM_RATIO = 0x1p118f;

    private BinaryRules() {}

    /**
     * A rule and the arithmetic by which many pairs may be computed at once.
     *
     * @param codes from two codes to the code of the result
     */
    public record Rule(IntBinaryOperator codes, PairLoop.Form form) {}

    public static Rule add(QuantParams a, QuantParams b, QuantParams c, Profile profile) {
        if (profile != Profile.ONNX) {
            requireOneType(a, b, c, profile);
        }
        return switch (profile) {
            case ONNX ->
                new Rule(
                        (qa, qb) -> c.quantize(a.dequantize(qa) + b.dequantize(qb)),
                        PairLoop.sums(side(a), side(b), divided(c)));
            case ONNX_RUNTIME -> addOnnxRuntime(a, b, c);
            case TFLITE -> addTflite(a, b, c);
            case XNNPACK -> addXnnpack(a, b, c);
            case PYTORCH ->
                new Rule(
                        (qa, qb) -> Profile.PYTORCH.quantize(lane(a, qa) + lane(b, qb), c),
                        PairLoop.sums(laneSide(a), laneSide(b), multiplied(1 / c.scale(), c)));
        };
    }

    public static Rule multiply(QuantParams a, QuantParams b, QuantParams c, Profile profile) {
        if (profile != Profile.ONNX) {
            requireOneType(a, b, c, profile);
        }
        int za = a.zeroPoint();
        int zb = b.zeroPoint();
        int zc = c.zeroPoint();
        QuantType type = c.type();
        float ratio = a.scale() * b.scale() / c.scale();
        return switch (profile) {
            case ONNX ->
                new Rule(
                        (qa, qb) -> c.quantize(a.dequantize(qa) * b.dequantize(qb)),
                        PairLoop.products(side(a), side(b), divided(c)));
            case ONNX_RUNTIME -> {
                requireFinite(ratio, profile);
                yield new Rule(
                        (qa, qb) -> clamp(Math.rint((float) ((qa - za) * (qb - zb)) * ratio + zc), 0, type),
                        PairLoop.products(
                                distance(a), distance(b), new Steps(ratio, 1, zc, type.low(), type.high(), 0)));
            }
            case TFLITE -> {
                requireFinite(ratio, profile);
                FixedPoint multiplier = FixedPoint.of(ratio);
                yield new Rule(
                        (qa, qb) -> clamp(multiplier.multiply((qa - za) * (qb - zb)), zc, type),
                        PairLoop.fineProducts(
                                distance(a),
                                distance(b),
                                multiplier.value(),
                                multiplier.reachOfTies(),
                                multiplied(1, c)));
            }
            case XNNPACK -> {
                requireRatio("product of the input scales to the output scale", ratio, 0x1p-16f, 0x1p8f);
                yield new Rule(
                        (qa, qb) -> clamp(Math.rint((float) ((qa - za) * (qb - zb)) * ratio), zc, type),
                        PairLoop.products(distance(a), distance(b), multiplied(ratio, c)));
            }
            case PYTORCH -> {
                float multiplier = a.scale() * b.scale() * (1 / c.scale());
                requireFinite(multiplier, profile);
                yield new Rule(
                        (qa, qb) -> clamp(Math.rint((float) ((qa - za) * (qb - zb)) * multiplier), zc, type),
                        PairLoop.products(distance(a), distance(b), multiplied(multiplier, c)));
            }
        };
    }

    /** {@code gates[qa - first] * b}, the gates in double by ascending code. */
    public static Rule gated(double[] gates, QuantParams a, QuantParams b, QuantParams c) {
        int first = a.type().firstStored();
        return new Rule(
                (qa, qb) -> c.quantize((float) (gates[qa - first] * b.dequantize(qb))),
                PairLoop.gates(byRaw(a, gates), side(b), divided(c)));
    }

    /** Values by ascending code in the order of raw bytes. */
    private static double[] byRaw(QuantParams params, double[] byCode) {
        double[] byRaw = new double[QuantType.RAW_VALUES];
        for (int raw = 0; raw < byRaw.length; raw++) {
            byRaw[raw] = byCode[params.type().code((byte) raw) - params.type().firstStored()];
        }
        return byRaw;
    }

    /** An operand dequantized. */
    private static Side side(QuantParams params) {
        return new Side(params.type().isSigned(), params.zeroPoint(), params.scale());
    }

    /** An operand as its distance from the zero point. */
    private static Side distance(QuantParams params) {
        return new Side(params.type().isSigned(), params.zeroPoint(), 1);
    }

    private static Steps divided(QuantParams c) {
        return new Steps(1, c.scale(), 0, c.type().low(), c.type().high(), c.zeroPoint());
    }

    private static Steps multiplied(float factor, QuantParams c) {
        return new Steps(factor, 1, 0, c.type().low(), c.type().high(), c.zeroPoint());
    }

    private static Rule addOnnxRuntime(QuantParams a, QuantParams b, QuantParams c) {
        float ra = a.scale() / c.scale();
        float rb = b.scale() / c.scale();
        Validate.isTrue(
                Math.max(ra, rb) <= MOST_SUM_RATIO,
                "ratio of an input scale to the output scale must be at most 2^118 under profile onnxruntime, was %s",
                Float.toString(Math.max(ra, rb)));
        float fixed = c.zeroPoint() - Math.fma(ra, a.zeroPoint(), rb * b.zeroPoint());
        return new Rule(
                (qa, qb) -> clamp(Math.rint(Math.fma(qa, ra, Math.fma(qb, rb, fixed))), 0, c.type()),
                PairLoop.fusedSums(
                        new Side(a.type().isSigned(), 0, ra),
                        new Side(b.type().isSigned(), 0, rb, fixed),
                        new Steps(1, 1, 0, c.type().low(), c.type().high(), 0)));
    }

    private static Rule addTflite(QuantParams a, QuantParams b, QuantParams c) {
        double twice = 2.0 * Math.max(a.scale(), b.scale());
        FixedPoint forA = FixedPoint.of(a.scale() / twice);
        FixedPoint forB = FixedPoint.of(b.scale() / twice);
        float steps = (1 << TFLITE_LEFT_SHIFT) * c.scale();
        Validate.isTrue(
                Float.isFinite(steps),
                "output scale must be below 2^108, so that its product with 2^20 is a float, for sums under profile"
                        + " tflite, was %s",
                Float.toString(c.scale()));
        FixedPoint forSum = FixedPoint.of(twice / steps);
        // The roundings of the operands are left out: they decide a code only where sums lie on ties, which they do
        // where all
        // scales are round numbers. Such sums are lookups.
        double step = forSum.value() * (1 << TFLITE_LEFT_SHIFT);
        return new Rule(
                (qa, qb) -> {
                    int x = forA.multiply((qa - a.zeroPoint()) << TFLITE_LEFT_SHIFT);
                    int y = forB.multiply((qb - b.zeroPoint()) << TFLITE_LEFT_SHIFT);
                    return clamp(forSum.multiply(x + y), c.zeroPoint(), c.type());
                },
                PairLoop.fineSums(
                        distance(a),
                        forA.value() * step,
                        distance(b),
                        forB.value() * step,
                        forSum.reachOfTies(),
                        multiplied(1, c)));
    }

    private static Rule addXnnpack(QuantParams a, QuantParams b, QuantParams c) {
        float ra = a.scale() / c.scale();
        float rb = b.scale() / c.scale();
        requireRatio("input scale to the output scale", ra, 0x1p-10f, 0x1p8f);
        requireRatio("input scale to the output scale", rb, 0x1p-10f, 0x1p8f);
        int shift = 20 - Math.getExponent(Math.max(ra, rb));
        long ma = (long) Math.rint(Math.scalb(ra, shift));
        long mb = (long) Math.rint(Math.scalb(rb, shift));
        long half = 1L << (shift - 1);
        // The multipliers have 21 bits: floats hold them.
        return new Rule(
                (qa, qb) -> clamp(
                        (int) ((half + (qa - a.zeroPoint()) * ma + (qb - b.zeroPoint()) * mb) >> shift),
                        c.zeroPoint(),
                        c.type()),
                PairLoop.wholeSums(
                        new Side(a.type().isSigned(), a.zeroPoint(), ma),
                        new Side(b.type().isSigned(), b.zeroPoint(), mb),
                        shift,
                        multiplied(1, c)));
    }

    /** PyTorch's vector dequantize: the product of scale and zero point is rounded before the fused multiplication. */
    private static float lane(QuantParams params, int code) {
        return Math.fma(params.scale(), code, -(params.scale() * params.zeroPoint()));
    }

    /** The same as an operand. */
    private static Side laneSide(QuantParams params) {
        return new Side(params.type().isSigned(), 0, params.scale(), -(params.scale() * params.zeroPoint()));
    }

    /** The whole number {@code steps}, moved by the zero point and saturated; infinities saturate. */
    private static int clamp(double steps, int zeroPoint, QuantType type) {
        return (int) Math.min(Math.max(steps + zeroPoint, type.low()), type.high());
    }

    private static void requireOneType(QuantParams a, QuantParams b, QuantParams c, Profile profile) {
        Validate.isTrue(
                a.type() == b.type() && b.type() == c.type() && c.type() != QuantType.INT8_NARROW,
                "types must all be int8 or all uint8 under profile %s, were %s, %s and %s",
                profile,
                a.type(),
                b.type(),
                c.type());
    }

    private static void requireFinite(float ratio, Profile profile) {
        Validate.isTrue(
                Float.isFinite(ratio),
                "ratio of the product of the input scales to the output scale must be a finite float under profile %s,"
                        + " was %s",
                profile,
                ratio);
    }

    private static void requireRatio(String what, float ratio, float least, float below) {
        Validate.isTrue(
                ratio >= least && ratio < below,
                "ratio of the %s must be within [%s, %s) under profile xnnpack, was %s",
                what,
                least,
                below,
                ratio);
    }
}
