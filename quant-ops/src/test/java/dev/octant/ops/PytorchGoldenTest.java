// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.Profile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every code that PyTorch gave. */
class PytorchGoldenTest {
    private static final List<String[]> ROWS = rows("torch_unary.csv.gz");
    private static final List<String[]> GELU_ROWS = rows("torch_gelu.csv.gz");

    private static List<String[]> rows(String file) {
        return GoldenRow.lines(file).stream().map(line -> line.split(";", -1)).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sigmoid",
                "sigmoid_fixed",
                "tanh_fixed",
                "hardsigmoid_fixed",
                "hardswish",
                "elu",
                "celu",
                "leaky_relu_0.1",
                "gelu",
                "gelu_tanh",
                "relu",
                "relu6"
            })
    void everyTableIsTheEngines(String op) {
        List<String[]> rows = ROWS.stream().filter(row -> row[0].equals(op)).toList();
        assertEquals(96, rows.size());
        for (String[] f : rows) {
            GoldenRow row = new GoldenRow(
                    "torch", op, GoldenRow.params(f[1], f[2], f[3]), GoldenRow.params(f[1], f[4], f[5]), f[6]);
            row.check(QuantizedActivation.compile(activation(op), row.in(), row.out(), Profile.PYTORCH)::apply);
        }
        assertEquals(12 * 96, ROWS.size());
    }

    /** At small steps GELU is near x / 2, and the codes show the error of the engine's erf. */
    @Test
    void geluInSmallStepsIsTheEngines() {
        assertEquals(105, GELU_ROWS.size());
        for (String[] f : GELU_ROWS) {
            GoldenRow row = new GoldenRow(
                    "torch", f[0], GoldenRow.params(f[1], f[2], f[3]), GoldenRow.params(f[1], f[4], f[5]), f[6]);
            row.check(QuantizedActivation.compile(activation(f[0]), row.in(), row.out(), Profile.PYTORCH)::apply);
        }
    }

    private static Activation activation(String op) {
        return switch (op) {
            case "sigmoid", "sigmoid_fixed" -> Activation.SIGMOID;
            case "tanh_fixed" -> Activation.TANH;
            case "hardsigmoid_fixed" -> Activation.HARDSIGMOID;
            case "hardswish" -> Activation.HARDSWISH;
            case "elu" -> Activation.elu(1);
            case "celu" -> Activation.celu(1);
            case "leaky_relu_0.1" -> Activation.leakyRelu(0.1);
            case "gelu" -> Activation.GELU;
            case "gelu_tanh" -> Activation.GELU_TANH;
            case "relu" -> Activation.RELU;
            case "relu6" -> Activation.RELU6;
            default -> throw new AssertionError(op);
        };
    }
}
