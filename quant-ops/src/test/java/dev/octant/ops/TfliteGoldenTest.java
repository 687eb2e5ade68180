// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every code of TensorFlow Lite's own tables, by reference and optimised kernels. */
class TfliteGoldenTest {
    private static final List<GoldenRow> ROWS = GoldenRow.all();

    @ParameterizedTest
    @CsvSource({
        "LOGISTIC, sigmoid, 192",
        "TANH, tanh, 192",
        "ELU, elu, 48",
        "GELU, gelu, 192",
        "GELU_TANH, gelu_tanh, 192",
        "EXP, exp, 96",
        "LOG, log, 96",
        "RSQRT, rsqrt, 96",
        "HARD_SWISH, hardswish, 192",
        "RELU, relu, 192",
        "RELU6, relu6, 192",
        "LEAKY_RELU, leaky_relu, 192",
        "PRELU, prelu, 192",
    })
    void everyTableIsTheEngines(String op, String label, int rows) {
        List<GoldenRow> mine = ROWS.stream()
                .filter(row -> !row.kernel().equals("xnn") && row.op().equals(op))
                .toList();
        assertEquals(rows, mine.size());
        for (GoldenRow row : mine) {
            row.check(codes(label, row.in(), row.out()));
        }
    }

    @Test
    void noRowIsLeftOut() {
        Map<String, Long> rows =
                ROWS.stream().collect(Collectors.groupingBy(GoldenRow::kernel, TreeMap::new, Collectors.counting()));
        assertEquals(Map.of("ref", 1008L, "opt", 1056L, "xnn", 330L), rows);
    }

    @Test
    void compiledTablesAreTheEngines() {
        GoldenRow row = ROWS.get(0);
        QuantizedActivation compiled =
                QuantizedActivation.compile(Activation.SIGMOID, row.in(), row.out(), Profile.TFLITE);
        row.check(compiled::apply);
    }

    private static IntUnaryOperator codes(String label, QuantParams in, QuantParams out) {
        return switch (label) {
            case "prelu" -> TfliteTables.INSTANCE.codes(Activation.prelu(0.1), in, out);
            case "leaky_relu" -> TfliteTables.INSTANCE.codes(Activation.leakyRelu(0.1), in, out);
            default -> TfliteTables.INSTANCE.codes(Activation.of(kind(label)), in, out);
        };
    }

    private static ActivationKind kind(String label) {
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw new AssertionError(label);
    }

    @Test
    void whatTheEngineRefusesIsRefused() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.05f, 3);
        QuantParams out = QuantParams.of(QuantType.INT8, 0.01f, -4);
        QuantParams unsigned = QuantParams.of(QuantType.UINT8, 0.05f, 3);
        QuantParams narrow = QuantParams.of(QuantType.INT8_NARROW, 0.05f, 3);
        refused("output scale of sigmoid must be 1/256 under profile tflite, was 0.01", Activation.SIGMOID, in, out);
        refused("alpha of elu must be 1 under profile tflite, was 2.0", Activation.elu(2), in, out);
        refused(
                "ends of hardtanh must be -1, 1 or 0, 1 under profile tflite, were -2.0, 1.0",
                Activation.hardtanh(-2, 1),
                in,
                out);
        for (double[] ends : new double[][] {{-1, 2}, {0, 6}, {0.5, 1}, {-1, 0}}) {
            refused(
                    "ends of hardtanh must be -1, 1 or 0, 1 under profile tflite, were " + ends[0] + ", " + ends[1],
                    Activation.hardtanh(ends[0], ends[1]),
                    in,
                    out);
        }
        refused("profile tflite has no mish", Activation.MISH, in, out);
        for (Activation op : List.of(Activation.elu(1), Activation.EXP, Activation.LOG, Activation.RSQRT)) {
            refused("type of " + op.name() + " must be int8 under profile tflite, was uint8", op, unsigned, unsigned);
        }
        refused(
                "output type of relu must be the input's int8 under profile tflite, was uint8",
                Activation.RELU,
                in,
                unsigned);
        refused("type must be int8 or uint8 under profile tflite, was int8_narrow", Activation.RELU, narrow, in);
        refused("type must be int8 or uint8 under profile tflite, was int8_narrow", Activation.RELU, in, narrow);
        refused("type must be int8 or uint8 under profile tflite, was int8_narrow", Activation.IDENTITY, narrow, in);
        refused("type must be int8 or uint8 under profile tflite, was int8_narrow", Activation.IDENTITY, in, narrow);
        QuantParams coarse = QuantParams.of(QuantType.INT8, 1.28f, 0);
        refused(
                "input scale of hardswish must be less than 128 output scales under profile tflite, was 1.28 of 0.01",
                Activation.HARDSWISH,
                coarse,
                out);
        QuantParams justBelow = QuantParams.of(QuantType.INT8, Math.nextDown(1.28f), 0);
        TfliteTables.INSTANCE.codes(Activation.HARDSWISH, justBelow, out);
    }

    private static void refused(String message, Activation op, QuantParams in, QuantParams out) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> TfliteTables.INSTANCE.codes(op, in, out));
        assertEquals(message, e.getMessage());
    }

    @Test
    void identityRequantizesBetweenTypes() {
        QuantParams signed = QuantParams.of(QuantType.INT8, 0.03f, -5);
        QuantParams unsigned = QuantParams.of(QuantType.UINT8, 0.03f, 123);
        IntUnaryOperator codes = TfliteTables.INSTANCE.codes(Activation.IDENTITY, signed, unsigned);
        for (int q = -128; q <= 127; q++) {
            assertEquals(q + 128, codes.applyAsInt(q));
        }
    }

    @Test
    void aSlopeOfHundredthsIsTheirCodeAndAnyOtherHas127() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.05f, 3);
        QuantParams out = QuantParams.of(QuantType.INT8, 0.01f, -4);
        IntUnaryOperator real = TfliteTables.INSTANCE.codes(Activation.prelu(0.123), in, out);
        IntUnaryOperator quantized =
                TfliteTables.prelu(QuantParams.of(QuantType.INT8, (float) (0.123 / 127), 0), 127, in, out);
        IntUnaryOperator decimal = TfliteTables.INSTANCE.codes(Activation.prelu(-0.25), in, out);
        IntUnaryOperator hundredths = TfliteTables.prelu(QuantParams.of(QuantType.INT8, 0.01f, 0), -25, in, out);
        for (int q = -128; q <= 127; q++) {
            assertEquals(quantized.applyAsInt(q), real.applyAsInt(q));
            assertEquals(hundredths.applyAsInt(q), decimal.applyAsInt(q));
        }
    }

    @Test
    void slopeZeroIsRelu() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.05f, 3);
        QuantParams out = QuantParams.of(QuantType.INT8, 0.01f, -4);
        IntUnaryOperator relu = TfliteTables.INSTANCE.codes(Activation.RELU, in, out);
        IntUnaryOperator prelu = TfliteTables.INSTANCE.codes(Activation.prelu(0), in, out);
        IntUnaryOperator leaky = TfliteTables.INSTANCE.codes(Activation.leakyRelu(0), in, out);
        for (int q = -128; q <= 127; q++) {
            assertEquals(relu.applyAsInt(q), prelu.applyAsInt(q));
            assertEquals(relu.applyAsInt(q), leaky.applyAsInt(q));
        }
    }

    @Test
    void exponentialsBeyondTheFloatsSaturate() {
        QuantParams wide = QuantParams.of(QuantType.INT8, 10f, 0);
        for (int zeroPoint : new int[] {-128, -1, 0, 127}) {
            QuantParams out = QuantParams.of(QuantType.INT8, 0.5f, zeroPoint);
            IntUnaryOperator exp = TfliteTables.INSTANCE.codes(Activation.EXP, wide, out);
            assertEquals(127, exp.applyAsInt(127));
            assertEquals(zeroPoint, exp.applyAsInt(-128));
        }
    }

    /**
     * RELU_N1_TO_1 and RELU_0_TO_1: {@code clamp(M (q - inZero) + outZero)} between the codes of the ends, 1 / 0.08 =
     * 12.5 steps being 13 away from zero. M is 1 and 1/2, so that its products are exact or ties.
     */
    @Test
    void hardtanhClampsToTheCodesOfItsEnds() {
        QuantParams out = QuantParams.of(QuantType.INT8, 0.08f, -4);
        QuantParams same = QuantParams.of(QuantType.INT8, 0.08f, 3);
        QuantParams half = QuantParams.of(QuantType.INT8, 0.04f, 3);
        for (int low : new int[] {-1, 0}) {
            IntUnaryOperator whole = TfliteTables.INSTANCE.codes(Activation.hardtanh(low, 1), same, out);
            IntUnaryOperator halved = TfliteTables.INSTANCE.codes(Activation.hardtanh(low, 1), half, out);
            for (int q = -128; q <= 127; q++) {
                int x = q - 3;
                assertEquals(-4 + Math.min(Math.max(x, 13 * low), 13), whole.applyAsInt(q));
                int up = Math.floorDiv(x + 1, 2); // the first rounding takes ties upwards, and its power is 0
                assertEquals(-4 + Math.min(Math.max(up, 13 * low), 13), halved.applyAsInt(q));
            }
        }
        QuantParams cramped = QuantParams.of(QuantType.INT8, 0.08f, 120); // 1 lies beyond the last code
        IntUnaryOperator saturated = TfliteTables.INSTANCE.codes(Activation.hardtanh(-1, 1), same, cramped);
        assertEquals(127, saturated.applyAsInt(127));
        assertEquals(107, saturated.applyAsInt(-128));
    }

    /** The logarithm of 0 and below is the lowest code, whatever the step. */
    @Test
    void logarithmsOfNothingAreTheLowestCode() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.05f, -100);
        for (float scale : new float[] {0.01f, 1, 2.5f}) {
            for (int zeroPoint : new int[] {-128, 0, 100}) {
                QuantParams out = QuantParams.of(QuantType.INT8, scale, zeroPoint);
                IntUnaryOperator log = TfliteTables.INSTANCE.codes(Activation.LOG, in, out);
                for (int q = -128; q <= -100; q++) {
                    assertEquals(-128, log.applyAsInt(q));
                }
            }
        }
    }

    /** Slope codes have a zero point of their own: code 30 about 5 is the slope 25 steps. */
    @Test
    void slopesAreTakenFromTheirZeroPoint() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.05f, 3);
        QuantParams out = QuantParams.of(QuantType.INT8, 0.01f, -4);
        IntUnaryOperator moved = TfliteTables.prelu(QuantParams.of(QuantType.INT8, 0.01f, 5), 30, in, out);
        IntUnaryOperator plain = TfliteTables.prelu(QuantParams.of(QuantType.INT8, 0.01f, 0), 25, in, out);
        for (int q = -128; q <= 127; q++) {
            assertEquals(plain.applyAsInt(q), moved.applyAsInt(q));
        }
    }
}
