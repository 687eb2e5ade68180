// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.Profile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every code that ONNX Runtime gave. */
class OnnxRuntimeGoldenTest {
    private static final List<String[]> ROWS = GoldenRow.lines("ort_unary.csv.gz").stream()
            .map(line -> line.split(";", -1))
            .toList();

    private static final List<String[]> WITH_ATTRIBUTES = GoldenRow.lines("ort_attributes.csv.gz").stream()
            .map(line -> line.split(";", -1))
            .toList();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "QLinearSigmoid",
                "QLinearLeakyRelu",
                "qdq_sigmoid",
                "qdq_tanh",
                "qdq_silu",
                "qdq_swish24",
                "qdq_silu_quickgelu",
                "qdq_quickgelu",
                "qdq_gelu",
                "qdq_gelu_tanh",
                "qdq_fastgelu",
                "qdq_hardswish",
                "qdq_hardsigmoid",
                "qdq_elu",
                "qdq_relu",
                "qdq_softplus",
                "qdq_mish",
                "qdq_exp",
                "qdq_leaky"
            })
    void everyTableIsTheEngines(String op) {
        List<String[]> rows = ROWS.stream().filter(row -> row[0].equals(op)).toList();
        assertEquals(96, rows.size());
        for (String[] f : rows) {
            GoldenRow row = new GoldenRow(
                    "ort", op, GoldenRow.params(f[1], f[2], f[3]), GoldenRow.params(f[1], f[4], f[5]), f[6]);
            row.check(QuantizedActivation.compile(activation(op), row.in(), row.out(), Profile.ONNX_RUNTIME)::apply);
        }
        assertEquals(19 * 96, ROWS.size());
    }

    /** Attributes other than the defaults, and the defaults that the standard gives an operator. */
    @ParameterizedTest
    @CsvSource({
        "Swish, 60",
        "ThresholdedRelu, 48",
        "Shrink, 60",
        "Selu, 60",
        "Celu, 36",
        "Elu, 36",
        "HardSigmoid, 36",
        "LeakyRelu, 36",
        "Clip, 36",
        "Softsign, 12",
        "Log, 12"
    })
    void everyTableWithAttributesIsTheEngines(String op, int count) {
        List<String[]> rows =
                WITH_ATTRIBUTES.stream().filter(row -> row[0].equals(op)).toList();
        assertEquals(count, rows.size());
        for (String[] f : rows) {
            GoldenRow row = new GoldenRow(
                    "ort",
                    op + " " + f[1],
                    GoldenRow.params(f[2], f[3], f[4]),
                    GoldenRow.params(f[2], f[5], f[6]),
                    f[7]);
            Activation activation = OnnxActivations.of(op, OnnxActivations.attributes(f[1]));
            row.check(QuantizedActivation.compile(activation, row.in(), row.out(), Profile.ONNX_RUNTIME)::apply);
        }
        assertEquals(432, WITH_ATTRIBUTES.size());
    }

    private static Activation activation(String op) {
        return switch (op) {
            case "QLinearSigmoid", "qdq_sigmoid" -> Activation.SIGMOID;
            case "QLinearLeakyRelu", "qdq_leaky" -> Activation.leakyRelu(0.1);
            case "qdq_tanh" -> Activation.TANH;
            case "qdq_silu", "qdq_swish24", "qdq_silu_quickgelu" -> Activation.SILU;
            case "qdq_quickgelu" -> Activation.QUICK_GELU;
            case "qdq_gelu" -> Activation.GELU;
            case "qdq_gelu_tanh", "qdq_fastgelu" -> Activation.GELU_TANH;
            case "qdq_hardswish" -> Activation.HARDSWISH;
            case "qdq_hardsigmoid" -> Activation.hardsigmoid(0.2, 0.5);
            case "qdq_elu" -> Activation.elu(1);
            case "qdq_relu" -> Activation.RELU;
            case "qdq_softplus" -> Activation.SOFTPLUS;
            case "qdq_mish" -> Activation.MISH;
            case "qdq_exp" -> Activation.EXP;
            default -> throw new AssertionError(op);
        };
    }
}
