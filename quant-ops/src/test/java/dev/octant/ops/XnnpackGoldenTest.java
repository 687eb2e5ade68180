package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** No golden file has these; a table within one code of the nearest is what any engine's rounding gives. */
    @ParameterizedTest
    @EnumSource(
            value = ActivationKind.class,
            names = {"GELU", "GELU_TANH", "HARDSWISH", "EXP", "LOG", "RSQRT", "RELU", "RELU6", "HARDTANH", "IDENTITY"})
    void otherTablesAreWithinOneCodeOfTheNearest(ActivationKind kind) {
        Activation op = Activation.of(kind);
        for (int zeroPoint : new int[] {0, 1, 100, 255}) {
            QuantParams in = QuantParams.of(QuantType.UINT8, 0.037f, zeroPoint);
            QuantParams out = QuantParams.of(QuantType.UINT8, 0.029f, 40);
            IntUnaryOperator codes = XnnpackTables.INSTANCE.codes(op, in, out);
            boolean ofPositives = kind == ActivationKind.LOG || kind == ActivationKind.RSQRT;
            for (int q = ofPositives ? zeroPoint : 0; q <= 255; q++) {
                int nearest = out.quantize((float) op.value(in.dequantize(q)));
                assertEquals(nearest, codes.applyAsInt(q), 1, kind + " " + zeroPoint + " " + q);
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
        for (double slope : new double[] {-128, 128.5, 0, 0x1.fp-9}) {
            refused(
                    "slope of leaky_relu times the ratio of its scales must be within (-2^7, 2^7] and at least 2^-8 in"
                            + " magnitude under profile xnnpack, was " + (float) slope,
                    Activation.leakyRelu(slope),
                    in,
                    in);
        }
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
