// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.softmax;

import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.softmax.WeightTable;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * One row of softmax as the engines compute it. Every rule looks exponentials up by the distance of a code from the
 * row's largest.
 *
 * <table>
 * <caption>Formulas</caption>
 * <tr><td>ONNX Runtime</td>
 * <td>float table exp((i - 255 + shift) scale) with shift = max(0, ln(Float.MAX_VALUE / n) - 5) /
 * scale, the logarithm rounded to float, float sum in order, rint(e floor(1 / outScale) / sum) + zero point. Where the
 * product overflows, floor(1 / outScale) being above 148 n (rows of one element with 1/256), the engine converts an
 * infinity to an integer; here it is not, the product being taken in double</td></tr>
 * <tr><td>TensorFlow Lite</td>
 * <td>reference kernel: differences in Q5.26, exponential of gemmlowp in Q0.31, sum in Q12.19, its
 * reciprocal by three Newton steps</td></tr>
 * <tr><td>XNNPACK</td>
 * <td>uint8: integer table rint(min((2^32 - 1) / n, 8388607) exp((i - 255) scale)), (256 t + sum / 2) /
 * sum</td></tr>
 * </table>
 *
 * <p>Source: ONNX Runtime {@code qlinear_softmax.cc}; gemmlowp {@code fixedpoint.h}; XNNPACK {@code softmax-nc.c}.
 */
public final class SoftmaxRules {
    private static final int CODES = 256;

    /** Weights of the rules that add floats, in units of {@code 1 / UNIT}: e^0 and the sum of two fit an int. */
    private static final int UNIT = 1 << 30;

    /** What a weight may be off by, and a little more, in those units. */
    private static final double WEIGHT_ERROR = 1.0 / UNIT;

    /**
     * Some float roundings of a number of steps, of which no more than {@value #CODES} matter; and what subnormals
     * lose.
     */
    private static final double ROUNDINGS = 0x1p-21;

    private static final double LEAST_MARGIN = 0x1p-20;

    private SoftmaxRules() {}

    public static SoftmaxRule reference(QuantParams in, QuantParams out, CodeRange inside) {
        return new Reference(in, out, inside);
    }

    public static SoftmaxRule logReference(QuantParams in, QuantParams out, CodeRange inside) {
        return new LogReference(in, out, inside);
    }

    public static SoftmaxRule onnxRuntime(QuantParams in, QuantParams out) {
        requireFullType(in, out, Profile.ONNX_RUNTIME);
        return new OnnxRuntime(in, out);
    }

    public static SoftmaxRule tflite(QuantParams in, QuantParams out) {
        requireFullType(in, out, Profile.TFLITE);
        requireOutput(out, 1f / CODES, out.type().low(), Profile.TFLITE);
        return new TfliteSoftmax(in, out);
    }

    public static SoftmaxRule xnnpack(QuantParams in, QuantParams out) {
        requireFullType(in, out, Profile.XNNPACK);
        Validate.isTrue(
                in.type() == QuantType.UINT8, "type of softmax must be uint8 under profile xnnpack, was %s", in.type());
        requireOutput(out, 1f / CODES, 0, Profile.XNNPACK);
        return new Xnnpack(in);
    }

    /** What is added up in double. */
    private abstract static class InDouble extends SoftmaxRule {
        final QuantParams out;
        final CodeRange inside;
        final double[] exponentials;
        private final WeightTable weights;

        InDouble(QuantParams in, QuantParams out, CodeRange inside) {
            super(in.type());
            this.out = out;
            this.inside = inside;
            this.exponentials = exponentials(in.scale());
            this.weights = weightsOf(exponentials);
        }

        @Override
        final WeightTable weights(int length) {
            return weights;
        }

        @Override
        final double addInOrder(
                double sum, float[] room, byte largest, byte[] src, int offset, int length, int stride) {
            double more = sum;
            for (int i = 0, at = offset; i < length; i++, at += stride) {
                more += exponentials[(largest - src[at]) & 0xFF];
            }
            return more;
        }
    }

    /** Softmax in double. */
    private static final class Reference extends InDouble {
        private final float[] values;

        Reference(QuantParams in, QuantParams out, CodeRange inside) {
            super(in, out, inside);
            this.values = floats(exponentials);
        }

        @Override
        boolean codes(byte[] table, byte largest, byte[] distances, int count, long sum, int length) {
            double total = (double) sum / UNIT;
            double most = 1 / (total * out.scale());
            double margin = Math.min(most, CODES) * (ROUNDINGS + length * WEIGHT_ERROR / total) + LEAST_MARGIN;
            return roundClearly(
                    table,
                    largest,
                    distances,
                    count,
                    values,
                    (float) most,
                    0,
                    margin,
                    inside.low() - out.zeroPoint(),
                    inside.high() - out.zeroPoint(),
                    out.zeroPoint());
        }

        @Override
        void orderedCodes(byte[] table, float[] room, byte largest, byte[] distances, int count, double sum) {
            for (int i = 0; i < count; i++) {
                int d = distances[i] & 0xFF;
                table[(largest - d) & 0xFF] = (byte) inside.clip(out.quantize((float) (exponentials[d] / sum)));
            }
        }
    }

    /** Its logarithm in double. */
    private static final class LogReference extends InDouble {
        private final QuantParams in;
        private final float[] values = new float[CODES];

        LogReference(QuantParams in, QuantParams out, CodeRange inside) {
            super(in, out, inside);
            this.in = in;
            for (int d = 0; d < CODES; d++) {
                values[d] = d;
            }
        }

        @Override
        boolean codes(byte[] table, byte largest, byte[] distances, int count, long sum, int length) {
            double total = (double) sum / UNIT;
            double step = out.scale();
            double margin = CODES * ROUNDINGS + length * WEIGHT_ERROR / total / step + LEAST_MARGIN;
            return roundClearly(
                    table,
                    largest,
                    distances,
                    count,
                    values,
                    (float) (-in.scale() / step),
                    (float) (-Math.log(total) / step),
                    margin,
                    inside.low() - out.zeroPoint(),
                    inside.high() - out.zeroPoint(),
                    out.zeroPoint());
        }

        @Override
        void orderedCodes(byte[] table, float[] room, byte largest, byte[] distances, int count, double sum) {
            double log = Math.log(sum);
            for (int i = 0; i < count; i++) {
                int d = distances[i] & 0xFF;
                double y = -d * (double) in.scale() - log;
                table[(largest - d) & 0xFF] = (byte) inside.clip(out.quantize((float) y));
            }
        }
    }

    /** Floats added in the order of the row. */
    private static final class OnnxRuntime extends SoftmaxRule {
        /**
         * Below this the largest exponential times the output's steps, {@code FLT_MAX / (n e^5) / outScale}, is
         * finite.
         */
        private static final float STEPS_PER_ELEMENT = 74;

        private final QuantParams out;
        private final double scale;
        private final float steps;
        private final float[] values;
        private final WeightTable weights;

        OnnxRuntime(QuantParams in, QuantParams out) {
            super(in.type());
            this.out = out;
            this.scale = in.scale();
            this.steps = (float) Math.floor(1 / out.scale());
            double[] exponentials = exponentials(in.scale());
            this.values = floats(exponentials);
            this.weights = weightsOf(exponentials);
        }

        @Override
        WeightTable weights(int length) {
            return weights;
        }

        @Override
        boolean codes(byte[] table, byte largest, byte[] distances, int count, long sum, int length) {
            if (!(steps <= STEPS_PER_ELEMENT * length)) {
                return false;
            }
            double total = (double) sum / UNIT;
            // Each addition of the row rounds the sum so far, at most by half an ulp of the whole.
            double additions = length * 0x1.1p-24;
            double most = steps / total;
            double margin =
                    Math.min(most, CODES) * (ROUNDINGS + additions + length * WEIGHT_ERROR / total) + LEAST_MARGIN;
            return roundClearly(
                    table,
                    largest,
                    distances,
                    count,
                    values,
                    (float) most,
                    0,
                    margin,
                    0,
                    out.type().high() - out.zeroPoint(),
                    out.zeroPoint());
        }

        /** The exponentials, by distance. */
        @Override
        void prepareOrder(float[] room, byte[] distances, int count, int length) {
            float logarithm = (float) Math.log(Float.MAX_VALUE / length);
            double shift = Math.max(0, logarithm - 5.0) / scale;
            for (int i = 0; i < count; i++) {
                int d = distances[i] & 0xFF;
                room[d] = (float) Math.exp((-d + shift) * scale);
            }
        }

        @Override
        double addInOrder(double sum, float[] room, byte largest, byte[] src, int offset, int length, int stride) {
            float floats = (float) sum; // which it was before
            for (int i = 0, at = offset; i < length; i++, at += stride) {
                floats += room[(largest - src[at]) & 0xFF];
            }
            return floats;
        }

        @Override
        void orderedCodes(byte[] table, float[] room, byte largest, byte[] distances, int count, double sum) {
            float total = (float) sum;
            for (int i = 0; i < count; i++) {
                int d = distances[i] & 0xFF;
                float product = room[d] * steps;
                double share = Float.isFinite(product) ? product / total : (double) room[d] * steps / total;
                double code = Math.rint(share) + out.zeroPoint();
                table[(largest - d) & 0xFF] =
                        (byte) (int) Math.min(code, out.type().high());
            }
        }
    }

    /** Whole numbers throughout. */
    private static final class Xnnpack extends SoftmaxRule {
        private static final double LARGEST_UNIT = 8388607;

        private final double[] exponentials;
        private final int high;

        /** Of rows short enough for the largest exponential to be {@link #LARGEST_UNIT}. */
        private final WeightTable ofShortRows;

        /** Of the last length that was longer: a tensor's rows have one length. */
        private volatile OfLength last;

        Xnnpack(QuantParams in) {
            super(in.type());
            this.exponentials = exponentials(in.scale());
            this.high = in.type().high();
            this.ofShortRows = weights(LARGEST_UNIT);
            this.last = new OfLength(1, ofShortRows);
        }

        private record OfLength(int length, WeightTable weights) {}

        @Override
        WeightTable weights(int length) {
            double unit = 0xFFFFFFFFL / (double) length;
            if (unit >= LARGEST_UNIT) {
                return ofShortRows;
            }
            OfLength known = last;
            if (known.length != length) {
                known = new OfLength(length, weights(unit));
                last = known;
            }
            return known.weights;
        }

        private WeightTable weights(double unit) {
            int[] weights = new int[CODES];
            for (int d = 0; d < CODES; d++) {
                weights[d] = (int) Math.rint(unit * exponentials[d]);
            }
            return WeightTable.of(weights);
        }

        @Override
        boolean codes(byte[] table, byte largest, byte[] distances, int count, long sum, int length) {
            WeightTable weights = weights(length);
            Arrays.fill(table, (byte) 0);
            for (int i = 0; i < count; i++) {
                int d = distances[i] & 0xFF;
                long numerator = (long) weights.weight(d) * CODES + sum / 2;
                if (numerator < sum) {
                    if (distances == ASCENDING) {
                        break; // 0, as all that follow
                    }
                    continue;
                }
                table[(largest - d) & 0xFF] = (byte) Math.min(numerator / sum, high);
            }
            return true;
        }
    }

    public static void requireOutput(QuantParams out, float scale, int zeroPoint, Profile profile) {
        Validate.isTrue(
                out.scale() == scale && out.zeroPoint() == zeroPoint,
                "output parameters must be %s and %s under profile %s, were %s and %s",
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

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static WeightTable weightsOf(double[] exponentials) {
        int[] weights = new int[CODES];
        for (int d = 0; d < CODES; d++) {
            weights[d] = (int) Math.rint(exponentials[d] * UNIT);
        }
        return WeightTable.of(weights);
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
