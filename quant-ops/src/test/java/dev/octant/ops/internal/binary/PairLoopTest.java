// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.binary;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.pair.PairTable;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many sums and products have an arithmetic for vectors; the others are lookups, and so no test of codes would
 * miss it.
 */
class PairLoopTest {
    private static final int SETS = 40;

    @ParameterizedTest
    @CsvSource({
        "ONNX, add, 40",
        "ONNX, multiply, 40",
        "ONNX_RUNTIME, add, 40",
        "ONNX_RUNTIME, multiply, 40",
        "TFLITE, add, 36",
        "TFLITE, multiply, 40",
        "XNNPACK, add, 40",
        "XNNPACK, multiply, 40",
        "PYTORCH, add, 40",
        "PYTORCH, multiply, 40"
    })
    void mostHaveAnArithmetic(Profile profile, String op, int least) {
        Random random = new Random(31);
        int fitted = 0;
        for (int set = 0; set < SETS; set++) {
            QuantType type = set % 2 == 0 ? QuantType.INT8 : QuantType.UINT8;
            QuantParams a = params(random, type);
            QuantParams b = params(random, type);
            QuantParams c = params(random, type);
            BinaryRules.Rule rule =
                    op.equals("add") ? BinaryRules.add(a, b, c, profile) : BinaryRules.multiply(a, b, c, profile);
            byte[] pairs = PairTable.tabulate(rule.codes(), type.isSigned(), type.isSigned());
            fitted += rule.form().fit(pairs, type.low()).isPresent() ? 1 : 0;
        }
        assertTrue(fitted >= least, profile + " " + op + ": " + fitted);
    }

    /** Gates as lines or quotients, by a function that is rounded further on and by one that is not. */
    @ParameterizedTest
    @CsvSource({"SILU, 40", "SIGMOID, 34", "GELU, 40", "RELU, 40"})
    void gatesHaveAnArithmetic(ActivationKind kind, int least) {
        Random random = new Random(37);
        Activation function = Activation.of(kind);
        int fitted = 0;
        for (int set = 0; set < SETS; set++) {
            QuantType type = set % 2 == 0 ? QuantType.INT8 : QuantType.UINT8;
            boolean round = set % 4 < 2;
            QuantParams gate = round ? roundParams(random, type) : params(random, type);
            QuantParams value = round ? roundParams(random, type) : params(random, type);
            QuantParams c = round ? roundParams(random, type) : params(random, type);
            double[] gates = new double[256];
            for (int i = 0; i < gates.length; i++) {
                gates[i] = function.value(gate.dequantize(type.firstStored() + i));
            }
            BinaryRules.Rule rule = BinaryRules.gated(gates, gate, value, c);
            byte[] pairs = PairTable.tabulate(rule.codes(), type.isSigned(), type.isSigned());
            fitted += rule.form().fit(pairs, type.low()).isPresent() ? 1 : 0;
        }
        assertTrue(fitted >= least, kind + ": " + fitted);
    }

    /** Scales of few digits, whose products lie on ties, where a line differs from the quotient. */
    private static QuantParams roundParams(Random random, QuantType type) {
        return QuantParams.of(type, (1 + random.nextInt(40)) * 0.01f, type.low() + random.nextInt(256));
    }

    private static QuantParams params(Random random, QuantType type) {
        float scale = (float) Math.pow(10, -2.5 + 2 * random.nextDouble());
        return QuantParams.of(type, scale, type.low() + random.nextInt(256));
    }
}
