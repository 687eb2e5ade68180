package dev.octant.ops;

import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import org.apache.commons.lang3.Validate;

/**
 * One row of softmax as the engines compute it. Every rule looks exponentials up by the distance of a code from the row's
 * largest.
 *
 * <table>
 * <caption>Formulas</caption>
 * <tr><td>ONNX Runtime</td><td>float table exp((i - 255 + shift) scale) with shift = max(0, ln(Float.MAX_VALUE / n) - 5) /
 * scale, float sum in order, rint(e floor(1 / outScale) / sum) + zero point. Where the product overflows (rows of one
 * element with 1/256), the engine gives the zero point for uint8; here it saturates at the highest code</td></tr>
 * <tr><td>TensorFlow Lite</td><td>reference kernel: differences in Q5.26, exponential of gemmlowp in Q0.31, sum in Q12.19, its
 * reciprocal by three Newton steps</td></tr>
 * <tr><td>XNNPACK</td><td>uint8: integer table rint(min((2^32 - 1) / n, 8388607) exp((i - 255) scale)), (256 t + sum / 2) /
 * sum</td></tr>
 * </table>
 *
 * <p>Source: ONNX Runtime {@code qlinear_softmax.cc}; gemmlowp {@code fixedpoint.h}; XNNPACK {@code softmax-nc.c}.
 */
final class SoftmaxRules {
    private static final int CODES = 256;

    private SoftmaxRules() {}

    /** Softmax of {@code length} elements, {@code stride} apart in both arrays. */
    @FunctionalInterface
    interface Rule {
        void apply(byte[] src, int srcOffset, byte[] dst, int dstOffset, int length, int stride);
    }

    static Rule reference(QuantParams in, QuantParams out, CodeRange inside) {
        double[] exponentials = exponentials(in.scale());
        return (src, srcOffset, dst, dstOffset, length, stride) -> {
            int max = largest(in.type(), src, srcOffset, length, stride);
            double sum = sum(exponentials, in.type(), src, srcOffset, length, stride, max);
            for (int i = 0, at = 0; i < length; i++, at += stride) {
                double y = exponentials[max - in.type().code(src[srcOffset + at])] / sum;
                dst[dstOffset + at] = (byte) inside.clip(out.quantize((float) y));
            }
        };
    }

    static Rule logReference(QuantParams in, QuantParams out, CodeRange inside) {
        double[] exponentials = exponentials(in.scale());
        return (src, srcOffset, dst, dstOffset, length, stride) -> {
            int max = largest(in.type(), src, srcOffset, length, stride);
            double log = Math.log(sum(exponentials, in.type(), src, srcOffset, length, stride, max));
            for (int i = 0, at = 0; i < length; i++, at += stride) {
                double y = (in.type().code(src[srcOffset + at]) - max) * (double) in.scale() - log;
                dst[dstOffset + at] = (byte) inside.clip(out.quantize((float) y));
            }
        };
    }

    static Rule onnxRuntime(QuantParams in, QuantParams out) {
        requireFullType(in, out, Profile.ONNX_RUNTIME);
        double scale = in.scale();
        float steps = (float) Math.floor(1 / out.scale());
        int high = out.type().high();
        return (src, srcOffset, dst, dstOffset, length, stride) -> {
            double shift = Math.max(0, Math.log(Float.MAX_VALUE / length) - 5) / scale;
            int max = largest(in.type(), src, srcOffset, length, stride);
            float sum = 0;
            for (int i = 0, at = srcOffset; i < length; i++, at += stride) {
                sum += (float) Math.exp((in.type().code(src[at]) - max + shift) * scale);
            }
            for (int i = 0, at = 0; i < length; i++, at += stride) {
                float e = (float) Math.exp((in.type().code(src[srcOffset + at]) - max + shift) * scale);
                double code = Math.rint(e * steps / sum) + out.zeroPoint();
                dst[dstOffset + at] = (byte) (int) Math.min(code, high);
            }
        };
    }

    static Rule tflite(QuantParams in, QuantParams out) {
        requireFullType(in, out, Profile.TFLITE);
        requireOutput(out, 1f / CODES, out.type().low(), Profile.TFLITE);
        return new TfliteSoftmax(in, out);
    }

    static Rule xnnpack(QuantParams in, QuantParams out) {
        requireFullType(in, out, Profile.XNNPACK);
        Validate.isTrue(
                in.type() == QuantType.UINT8, "type of softmax must be uint8 under profile xnnpack, was %s", in.type());
        requireOutput(out, 1f / CODES, 0, Profile.XNNPACK);
        double scale = in.scale();
        return (src, srcOffset, dst, dstOffset, length, stride) -> {
            double unit = Math.min(0xFFFFFFFFL / (double) length, 8388607.0);
            int max = largest(in.type(), src, srcOffset, length, stride);
            long sum = 0;
            for (int i = 0, at = srcOffset; i < length; i++, at += stride) {
                sum += (long) Math.rint(unit * Math.exp((in.type().code(src[at]) - max) * scale));
            }
            for (int i = 0, at = 0; i < length; i++, at += stride) {
                long t = (long) Math.rint(unit * Math.exp((in.type().code(src[srcOffset + at]) - max) * scale));
                dst[dstOffset + at] =
                        (byte) Math.min((t * CODES + sum / 2) / sum, out.type().high());
            }
        };
    }

    static int largest(QuantType type, byte[] src, int offset, int length, int stride) {
        int max = type.firstStored();
        for (int i = 0, at = offset; i < length; i++, at += stride) {
            max = Math.max(max, type.code(src[at]));
        }
        return max;
    }

    static void requireOutput(QuantParams out, float scale, int zeroPoint, Profile profile) {
        Validate.isTrue(
                out.scale() == scale && out.zeroPoint() == zeroPoint,
                "output parameters must be %s and %d under profile %s, were %s and %d",
                scale,
                zeroPoint,
                profile,
                out.scale(),
                out.zeroPoint());
    }

    /** {@code exp(-k scale)} for every distance k of two codes. */
    private static double[] exponentials(float scale) {
        double[] table = new double[CODES];
        for (int k = 0; k < CODES; k++) {
            table[k] = Math.exp(-k * (double) scale);
        }
        return table;
    }

    private static double sum(
            double[] exponentials, QuantType type, byte[] src, int offset, int length, int stride, int max) {
        double sum = 0;
        for (int i = 0, at = offset; i < length; i++, at += stride) {
            sum += exponentials[max - type.code(src[at])];
        }
        return sum;
    }

    private static void requireFullType(QuantParams in, QuantParams out, Profile profile) {
        Validate.isTrue(
                in.type() == out.type() && in.type() != QuantType.INT8_NARROW,
                "types of softmax must both be int8 or both uint8 under profile %s, were %s and %s",
                profile,
                in.type(),
                out.type());
    }
}
