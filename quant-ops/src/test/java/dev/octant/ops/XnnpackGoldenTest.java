// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every code of XNNPACK's own tables. */
class XnnpackGoldenTest {
    private static final List<GoldenRow> ROWS = GoldenRow.all();

    @ParameterizedTest
    @CsvSource({"LOGISTIC, 96", "TANH, 96", "ELU, 48", "LEAKY_RELU, 90"})
    void everyTableIsTheEngines(String op, int rows) {
        List<GoldenRow> mine = ROWS.stream()
                .filter(row -> row.kernel().equals("xnn") && row.op().equals(op))
                .toList();
        assertEquals(rows, mine.size());
        for (GoldenRow row : mine) {
            row.check(XnnpackTables.INSTANCE.codes(activation(op), row.in(), row.out()));
        }
    }

    /** The delegate left these to the other kernels, so it has no row for them. */
    @Test
    void whatTheDelegateLeftOutIsRefused() {
        List<GoldenRow> leaky =
                ROWS.stream().filter(row -> row.op().equals("LEAKY_RELU")).toList();
        long refused = leaky.stream()
                .filter(row -> row.kernel().equals("ref"))
                .filter(row -> leaky.stream()
                        .noneMatch(other -> other.kernel().equals("xnn")
                                && other.in().equals(row.in())
                                && other.out().equals(row.out())))
                .peek(row -> assertThrows(
                        IllegalArgumentException.class,
                        () -> XnnpackTables.INSTANCE.codes(Activation.leakyRelu(0.1), row.in(), row.out())))
                .count();
        assertEquals(6, refused);
    }

    private static Activation activation(String op) {
        return switch (op) {
            case "LOGISTIC" -> Activation.SIGMOID;
            case "TANH" -> Activation.TANH;
            case "ELU" -> Activation.elu(1);
            case "LEAKY_RELU" -> Activation.leakyRelu(0.1);
            default -> throw new AssertionError(op);
        };
    }

    /**
     * No golden file has these: the function in double by the table's formula, half away from zero after the zero
     * point has been added. Codes whose steps lie next to a tie are left to the float function.
     */
    @ParameterizedTest
    @MethodSource("otherTables")
    void otherTablesAreTheFormula(Activation op) {
        int checked = 0;
        for (QuantType type : new QuantType[] {QuantType.UINT8, QuantType.INT8}) {
            for (int zero : new int[] {0, 1, 100, 255}) {
                QuantParams in = QuantParams.of(type, 0.037f, type.low() + zero);
                QuantParams out = QuantParams.of(type, 0.029f, type.low() + 40);
                IntUnaryOperator codes = XnnpackTables.INSTANCE.codes(op, in, out);
                boolean ofPositives = op.equals(Activation.LOG) || op.equals(Activation.RSQRT);
                for (int q = ofPositives ? in.zeroPoint() : type.low(); q <= type.high(); q++) {
                    double y = op.value(in.dequantize(q)) * (1 / out.scale()) + out.zeroPoint();
                    double nearest = Math.copySign(Math.floor(Math.abs(y) + 0.5), y);
                    if (Math.abs(Math.abs(y - nearest) - 0.5) > 1e-4) {
                        checked++;
                        assertEquals(
                                (int) Math.min(Math.max(nearest, type.low()), type.high()),
                                codes.applyAsInt(q),
                                in + " " + q);
                    }
                }
            }
        }
        assertTrue(checked > 900, "checked " + checked);
    }

    static Stream<Activation> otherTables() {
        return Stream.of(
                Activation.GELU,
                Activation.GELU_TANH,
                Activation.HARDSWISH,
                Activation.EXP,
                Activation.LOG,
                Activation.RSQRT,
                Activation.RELU,
                Activation.RELU6,
                Activation.HARDTANH,
                Activation.hardtanh(-2.5, 3.25),
                Activation.elu(2.5));
    }

    /** Ties go away from zero, counted after the zero point: -0.5 of the code becomes -1, 0.5 becomes 1. */
    @Test
    void tiesGoAwayFromZero() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.5f, 0);
        for (int zeroPoint : new int[] {-10, 0, 10}) {
            QuantParams out = QuantParams.of(QuantType.INT8, 1f, zeroPoint);
            IntUnaryOperator clamp = XnnpackTables.INSTANCE.codes(Activation.hardtanh(-60, 60), in, out);
            for (int q = -100; q <= 100; q++) {
                double code = q / 2.0 + zeroPoint;
                assertEquals((int) Math.copySign(Math.floor(Math.abs(code) + 0.5), code), clamp.applyAsInt(q));
            }
        }
    }

    /** The ratio with eight bits behind the point, halves upwards. */
    @ParameterizedTest
    @CsvSource({"0.037, 0.029", "0.03, 0.03", "1, 128", "2.56, 0.02", "0.00390625, 0.5"})
    void identityIsAFixedPointOfEightBits(float inScale, float outScale) {
        int k = (int) Math.rint(256.0 * (inScale / outScale));
        for (QuantType type : new QuantType[] {QuantType.UINT8, QuantType.INT8}) {
            QuantParams in = QuantParams.of(type, inScale, type.low() + 100);
            QuantParams out = QuantParams.of(type, outScale, type.low() + 140);
            IntUnaryOperator codes = XnnpackTables.INSTANCE.codes(Activation.IDENTITY, in, out);
            for (int q = type.low(); q <= type.high(); q++) {
                int code = (int) Math.floor((q - in.zeroPoint()) * (double) k / 256 + 0.5) + out.zeroPoint();
                assertEquals(Math.min(Math.max(code, type.low()), type.high()), codes.applyAsInt(q));
            }
        }
    }

    @Test
    void notANumberIsCodeZeroAndInfinitySaturates() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.1f, 0);
        QuantParams out = QuantParams.of(QuantType.INT8, 0.1f, 55);
        IntUnaryOperator log = XnnpackTables.INSTANCE.codes(Activation.LOG, in, out);
        IntUnaryOperator rsqrt = XnnpackTables.INSTANCE.codes(Activation.RSQRT, in, out);
        assertEquals(0, log.applyAsInt(-1));
        assertEquals(-128, log.applyAsInt(0));
        assertEquals(0, rsqrt.applyAsInt(-128));
        assertEquals(127, rsqrt.applyAsInt(0));
    }

    @Test
    void whatTheEngineRefusesIsRefused() {
        QuantParams in = QuantParams.of(QuantType.INT8, 1f, 3);
        refused("profile xnnpack has no mish", Activation.MISH, in, in);
        refused(
                "type must be int8 or uint8 under profile xnnpack, was int8_narrow",
                Activation.TANH,
                QuantParams.of(QuantType.INT8_NARROW, 1f, 3),
                in);
        refused(
                "output type must be the input's int8 under profile xnnpack, was uint8",
                Activation.TANH,
                in,
                QuantParams.of(QuantType.UINT8, 1f, 3));
        for (float outScale : new float[] {0x1.000002p8f, 0x1.fffffep-8f}) {
            refused(
                    "ratio of the scales of identity must be within [2^-8, 2^7] under profile xnnpack, was "
                            + 1 / outScale,
                    Activation.IDENTITY,
                    in,
                    QuantParams.of(QuantType.INT8, outScale, 0));
        }
        XnnpackTables.INSTANCE.codes(Activation.IDENTITY, in, QuantParams.of(QuantType.INT8, 0x1p8f, 0));
        XnnpackTables.INSTANCE.codes(Activation.IDENTITY, in, QuantParams.of(QuantType.INT8, 0x1p-7f, 0));
        for (double slope : new double[] {-128, -0x1.fffdp6, 0x1.000002p7, 128.5, 0, 0x1.fp-9, -0x1.fp-9}) {
            refused(
                    "slope of leaky_relu times the ratio of its scales must be within (-2^7, 2^7] and at least 2^-8 in"
                            + " magnitude under profile xnnpack, was " + (float) slope,
                    Activation.leakyRelu(slope),
                    in,
                    in);
        }
        for (double slope : new double[] {-0x1.FFFCp6, 128, 0x1p-8, -0x1p-8}) {
            XnnpackTables.INSTANCE.codes(Activation.leakyRelu(slope), in, in);
        }
        for (float outScale : new float[] {0x1.000002p8f, 0x1.fffffep-8f}) {
            refused(
                    "ratio of the scales of leaky_relu must be within [2^-8, 2^7] under profile xnnpack, was "
                            + 1 / outScale,
                    Activation.leakyRelu(0.5),
                    in,
                    QuantParams.of(QuantType.INT8, outScale, 0));
        }
        XnnpackTables.INSTANCE.codes(Activation.elu(Float.MIN_NORMAL), in, in);
        XnnpackTables.INSTANCE.codes(Activation.elu(Float.MAX_VALUE), in, in);
        refused(
                "alpha of elu must be a positive normal float under profile xnnpack, was 0.0",
                Activation.elu(0),
                in,
                in);
        refused(
                "alpha of elu must be a positive normal float under profile xnnpack, was 1.0E-40",
                Activation.elu(1e-40),
                in,
                in);
    }

    private static void refused(String message, Activation op, QuantParams in, QuantParams out) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> XnnpackTables.INSTANCE.codes(op, in, out));
        assertEquals(message, e.getMessage());
    }
}
