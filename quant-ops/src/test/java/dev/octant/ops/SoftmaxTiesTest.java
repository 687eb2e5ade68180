// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows of which a code lies next to a tie: the sum in whole numbers, known within some error, may be on its wrong
 * side, and only the sum in the order of the row tells the code.
 */
class SoftmaxTiesTest {
    private final Random random = new Random(47);

    /** Output scales at which an element is half a step, and scales on both sides, from neighbouring floats on. */
    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void softmaxNextToTies(QuantType type) {
        for (int round = 0; round < 60; round++) {
            QuantParams in = QuantParams.of(type, (float) Math.pow(10, -2.5 + 2 * random.nextDouble()), 3);
            int[] row = row(type, round);
            double y = share(row, row[random.nextInt(row.length)], in.scale());
            double steps = round % 3 == 0 ? 0.5 : 0.5 + random.nextInt(250);
            double tie = y / steps;
            if (tie > 1e-30) {
                around(tie, scale -> {
                    QuantParams out = QuantParams.of(type, (float) scale, type.low());
                    check(QuantizedSoftmax.softmax(in, out), PlainSoftmax::onnx, row);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void logSoftmaxNextToTies(QuantType type) {
        for (int round = 0; round < 60; round++) {
            QuantParams in = QuantParams.of(type, (float) Math.pow(10, -2.5 + 2 * random.nextDouble()), 3);
            int[] row = row(type, round);
            int zeroPoint = round % 2 == 0 ? type.high() : type.high() - 147;
            double y = -Math.log(share(row, row[random.nextInt(row.length)], in.scale()));
            double tie = y / (0.5 + random.nextInt(250));
            if (tie > 1e-30) {
                around(tie, scale -> {
                    QuantParams out = QuantParams.of(type, (float) scale, zeroPoint);
                    check(QuantizedSoftmax.logSoftmax(in, out), PlainSoftmax::logOnnx, row);
                });
            }
        }
    }

    /** Four equal codes are two and a half steps each: the engine's logarithm of the shift is a float. */
    @Test
    void onnxRuntimesShiftIsALogarithmInFloat() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.046875f, 0);
        QuantParams out = QuantParams.of(QuantType.INT8, 0.1f, -31);
        byte[] row = {127, 127, 127, 127};
        byte[] codes = new byte[4];
        QuantizedSoftmax.softmax(in, out, Profile.ONNX_RUNTIME).apply(row, 0, codes, 0, 4, new ChannelLayout(4, 1));
        assertArrayEquals(new byte[] {-28, -28, -28, -28}, codes);
    }

    /** ONNX Runtime rounds the output scale's reciprocal to a whole number, so the input's scale is what is moved. */
    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void onnxRuntimeNextToTies(QuantType type) {
        QuantParams out = QuantizedSoftmax.fixedOutput(type);
        int ties = 0;
        for (int round = 0; round < 120; round++) {
            int[] row = row(type, round);
            int code = row[random.nextInt(row.length)];
            double start = Math.pow(10, -2.5 + 2 * random.nextDouble());
            double tie = crossing(s -> 256 * share(row, code, s), start, start * 2);
            if (tie > 0) {
                ties++;
                around(tie, scale -> {
                    QuantParams in = QuantParams.of(type, (float) scale, 3);
                    check(QuantizedSoftmax.softmax(in, out, Profile.ONNX_RUNTIME), PlainSoftmax::onnxRuntime, row);
                });
            }
        }
        assertTrue(ties > 20, "ties found " + ties);
    }

    /**
     * Two largest elements and many whose weights are below or above half a unit: the whole numbers lose or double
     * them all, which moves a code across its tie.
     */
    @Test
    void manySmallWeightsMoveASum() {
        for (double unit : new double[] {0.49, 0.51}) {
            int[] row = new int[20_000];
            Arrays.fill(row, -128);
            row[0] = 127;
            row[1] = 127;
            float scale = (float) (Math.log((1 << 30) / unit) / 255);
            QuantParams in = QuantParams.of(QuantType.INT8, scale, 0);
            double exact = share(row, 127, scale);
            double whole = 1 / (2 + (unit < 0.5 ? 0 : (row.length - 2) * 0x1p-30));
            for (int k : new int[] {1, 10, 100}) {
                QuantParams out = QuantParams.of(QuantType.INT8, (float) ((exact + whole) / 2 / (k + 0.5)), -128);
                int[] codes = check(QuantizedSoftmax.softmax(in, out), PlainSoftmax::onnx, row);
                assertEquals(-128 + k + (unit < 0.5 ? 0 : 1), codes[0]);
            }
            double log = -(Math.log(exact) + Math.log(whole)) / 2;
            for (int k : new int[] {100, 200}) {
                QuantParams out = QuantParams.of(QuantType.INT8, (float) (log / (k + 0.5)), 127);
                int[] codes = check(QuantizedSoftmax.logSoftmax(in, out), PlainSoftmax::logOnnx, row);
                assertEquals(127 - k - (unit < 0.5 ? 1 : 0), codes[0]);
            }
        }
    }

    /**
     * 101.5 steps for each of two largest elements. Small ones that come after them are lost in ONNX Runtime's float
     * sum, each below half an ulp, and the tie goes to even; those that come before are not, and the code is below the
     * tie.
     */
    @Test
    void floatsAddedInOrderLoseWhatComesLate() {
        int[] late = new int[10_000];
        Arrays.fill(late, -128);
        late[0] = 127;
        late[1] = 127;
        int[] early = new int[late.length];
        Arrays.fill(early, -128);
        early[early.length - 1] = 127;
        early[early.length - 2] = 127;
        QuantParams in = QuantParams.of(QuantType.INT8, (float) (Math.log(0x1p24 / 0.9) / 255), 0);
        QuantParams out = QuantParams.of(QuantType.INT8, Math.nextDown(1f / 203), -128);
        QuantizedSoftmax softmax = QuantizedSoftmax.softmax(in, out, Profile.ONNX_RUNTIME);
        forgetExponentials();
        assertEquals(-128 + 102, check(softmax, PlainSoftmax::onnxRuntime, late)[0]);
        forgetExponentials();
        assertEquals(-128 + 101, check(softmax, PlainSoftmax::onnxRuntime, early)[late.length - 1]);
    }

    /**
     * A row of the same distances at a small scale: what the thread's blocks hold afterwards is of no use to others.
     */
    private static void forgetExponentials() {
        QuantizedSoftmax other = QuantizedSoftmax.softmax(
                QuantParams.of(QuantType.INT8, 0.001f, 0),
                QuantizedSoftmax.fixedOutput(QuantType.INT8),
                Profile.ONNX_RUNTIME);
        check(other, PlainSoftmax::onnxRuntime, new int[] {127, -128});
    }

    /** Holds the codes of a row to the rule's, which it returns. */
    private static int[] check(QuantizedSoftmax softmax, PlainSoftmax.Row rule, int[] row) {
        QuantType type = softmax.input().type();
        byte[] codes = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            codes[i] = (byte) row[i];
        }
        ChannelLayout axis = new ChannelLayout(codes.length, 1);
        ByteBuffer buffer = ByteBuffer.wrap(codes.clone()); // first, so that nothing of the row is left in the staging
        softmax.apply(buffer, buffer.duplicate(), axis);
        softmax.apply(codes, 0, codes, 0, codes.length, axis);
        assertArrayEquals(codes, buffer.array());
        int[] actual =
                IntStream.range(0, codes.length).map(i -> type.code(codes[i])).toArray();
        assertArrayEquals(
                rule.of(row, softmax.input(), softmax.output()),
                actual,
                () -> softmax.input() + " -> " + softmax.output() + " of " + row.length);
        return actual;
    }

    private interface ScaleCheck {
        void at(double scale);
    }

    /** Neighbouring floats, and further ones up to a thousandth away. */
    private static void around(double tie, ScaleCheck check) {
        double ulp = Math.ulp((float) tie);
        for (int i = -4; i <= 4; i++) {
            check.at((float) tie + i * ulp);
        }
        for (double span = 1e-6; span < 2e-3; span *= 10) {
            check.at(tie * (1 + span));
            check.at(tie * (1 - span));
        }
    }

    /** The element's softmax. */
    private static double share(int[] row, int code, double scale) {
        double sum = 0;
        for (int other : row) {
            sum += Math.exp((other - code) * scale);
        }
        return 1 / sum;
    }

    /**
     * Where the function is half a whole number, between two ends of which one lies below and one above it; 0 if they
     * do not.
     */
    private static double crossing(DoubleUnaryOperator f, double low, double high) {
        double target = Math.floor(f.applyAsDouble(low)) + 0.5;
        double a = low;
        double b = high;
        boolean below = f.applyAsDouble(a) < target;
        if (f.applyAsDouble(b) < target == below) {
            return 0;
        }
        for (int i = 0; i < 60; i++) {
            double middle = (a + b) / 2;
            if (f.applyAsDouble(middle) < target == below) {
                a = middle;
            } else {
                b = middle;
            }
        }
        return a;
    }

    /** Short and long; of any codes, of neighbouring ones, of one. */
    private int[] row(QuantType type, int round) {
        int length = round % 10 == 9 ? 3000 : 1 + random.nextInt(round % 2 == 0 ? 20 : 300);
        int base = type.low() + random.nextInt(240);
        IntUnaryOperator element = switch (round % 4) {
            case 0 -> i -> base;
            case 1 -> i -> type.low() + random.nextInt(256);
            default -> i -> base + random.nextInt(16);
        };
        return IntStream.range(0, length).map(element).toArray();
    }
}
