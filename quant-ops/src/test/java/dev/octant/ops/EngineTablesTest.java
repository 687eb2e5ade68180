// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTablesTest {
    private static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.1f, 3);
    private static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.05f, -20);

    @ParameterizedTest
    @CsvSource({
        "PYTORCH, SILU, silu",
        "PYTORCH, MISH, mish",
        "PYTORCH, SOFTPLUS, softplus",
        "PYTORCH, PRELU, prelu",
        "ONNX_RUNTIME, TANHSHRINK, tanhshrink",
        "ONNX_RUNTIME, LOG_SIGMOID, log_sigmoid"
    })
    void whatAnEngineLacksIsRefused(Profile profile, ActivationKind kind, String name) {
        Activation op = Activation.of(kind);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> QuantizedActivation.compile(op, INPUT, OUTPUT, profile));
        assertEquals("profile " + profile.label() + " has no " + name, e.getMessage());
    }

    @Test
    void aFunctionOfTheCallersOwnRunsInOnnxRuntimeAlone() {
        Activation cube = Activation.of("cube", x -> x * x * x, RealRange.ALL);
        QuantizedActivation op = QuantizedActivation.compile(cube, INPUT, OUTPUT, Profile.ONNX_RUNTIME);
        for (int q = -128; q < 128; q++) {
            float x = INPUT.dequantize(q);
            assertEquals(OUTPUT.quantize((float) ((double) x * x * x)), op.apply(q));
        }
        assertEquals(
                "profile pytorch has no cube",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> QuantizedActivation.compile(cube, INPUT, OUTPUT, Profile.PYTORCH))
                        .getMessage());
    }

    @Test
    void pytorchClampsCodesOfOneGrid() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> QuantizedActivation.compile(Activation.RELU, INPUT, OUTPUT, Profile.PYTORCH));
        assertEquals(
                "profile pytorch must have relu with the input's parameters for output, " + INPUT + ", was " + OUTPUT,
                e.getMessage());
        QuantizedActivation hardtanh =
                QuantizedActivation.compile(Activation.hardtanh(-2, 1), INPUT, INPUT, Profile.PYTORCH);
        for (int q = -128; q < 128; q++) {
            assertEquals(Math.min(Math.max(q, 3 - 20), 3 + 10), hardtanh.apply(q));
        }
    }

    /** {@code (q - zeroPoint) scale}, quantized by the product with the reciprocal. */
    @Test
    void pytorchsIdentityRequantizes() {
        QuantizedActivation identity = QuantizedActivation.compile(Activation.IDENTITY, INPUT, OUTPUT, Profile.PYTORCH);
        for (int q = -128; q < 128; q++) {
            float steps = (float) ((double) INPUT.dequantize(q) * (float) (1.0 / OUTPUT.scale()));
            assertEquals(Math.min(Math.max(Math.rint(steps) - 20, -128), 127), identity.apply(q));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0.5", "0.16666666666666666, 0.4", "0.17, 0.5"})
    void pytorchHasOneHardsigmoid(double alpha, double beta) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> QuantizedActivation.compile(Activation.hardsigmoid(alpha, beta), INPUT, OUTPUT, Profile.PYTORCH));
        assertEquals(
                "profile pytorch must have hardsigmoid with 1/6 and 0.5, was hardsigmoid(" + alpha + "," + beta + ")",
                e.getMessage());
    }

    /** Clamps of codes keep the grid under PyTorch; no other op and no other engine does. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void pytorchsClampsKeepTheGrid(ActivationKind kind) {
        boolean clamp = kind == ActivationKind.RELU || kind == ActivationKind.RELU6 || kind == ActivationKind.HARDTANH;
        for (Profile profile : Profile.values()) {
            assertEquals(
                    clamp && profile == Profile.PYTORCH,
                    QuantizedActivation.keepsGrid(Activation.of(kind), profile),
                    profile.label());
        }
    }

    /** Parameters other than the defaults reach the engines' functions: golden rows have one of each alone. */
    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"ONNX_RUNTIME", "PYTORCH"})
    void parametersAreTheCallers(Profile profile) {
        for (Activation op : List.of(Activation.elu(2.5), Activation.celu(2.5), Activation.leakyRelu(-0.6))) {
            QuantizedActivation engine = QuantizedActivation.compile(op, INPUT, OUTPUT, profile);
            for (int q = -128; q < 128; q++) {
                float steps = (float) op.value(INPUT.dequantize(q)) / OUTPUT.scale();
                if (Math.abs(steps - Math.floor(steps) - 0.5) > 1e-3) {
                    assertEquals(OUTPUT.quantize((float) op.value(INPUT.dequantize(q))), engine.apply(q), op + " " + q);
                }
            }
        }
    }

    @Test
    void aProfileIsGivenAndPrinted() {
        assertEquals(
                "profile must be given, was null",
                assertThrows(
                                NullPointerException.class,
                                () -> QuantizedActivation.compile(Activation.RELU, INPUT, OUTPUT, (Profile) null))
                        .getMessage());
        assertEquals(
                "gelu: " + INPUT + " -> " + OUTPUT + " within " + RealRange.ALL + " as pytorch",
                QuantizedActivation.compile(Activation.GELU, INPUT, OUTPUT, Profile.PYTORCH)
                        .toString());
    }

    /** ONNX clips to what a function can give, engines do not; a declared range binds both. */
    @Test
    void onlyADeclaredRangeClipsAnEngine() {
        QuantParams input = QuantParams.of(QuantType.UINT8, 0.2f, 0);
        QuantParams over = QuantParams.of(QuantType.UINT8, 0.6f, 100);
        QuantizedActivation beyond = QuantizedActivation.compile(Activation.SIGMOID, input, over, Profile.ONNX_RUNTIME);
        assertEquals(102, beyond.apply(255));
        assertTrue(over.dequantize(102) > 1);
        assertEquals(
                101,
                QuantizedActivation.compile(Activation.SIGMOID, input, over).apply(255));
        assertEquals(
                101,
                QuantizedActivation.compile(Activation.SIGMOID, input, over, RealRange.UNIT, Profile.ONNX_RUNTIME)
                        .apply(255));
        assertEquals(RealRange.ALL, beyond.outputRange());
        assertEquals(Profile.ONNX_RUNTIME, beyond.profile());
    }

    @ParameterizedTest
    @EnumSource(
            names = {"SIGMOID", "SILU", "GELU", "SELU", "SOFTSIGN", "CELU", "TANH", "IDENTITY", "RELU6", "HARDTANH"})
    void onnxRuntimeIsWithinOneCodeOfTheNearest(ActivationKind kind) {
        Activation op = Activation.of(kind);
        QuantizedActivation engine = QuantizedActivation.compile(op, INPUT, OUTPUT, Profile.ONNX_RUNTIME);
        for (int q = -128; q < 128; q++) {
            assertEquals(OUTPUT.quantize((float) op.value(INPUT.dequantize(q))), engine.apply(q), 1);
        }
    }

    @Test
    void theDefaultIsTheProfileOnnx() {
        assertArrayEquals(
                QuantizedActivation.compile(Activation.SILU, INPUT, OUTPUT)
                        .table()
                        .codes(QuantType.INT8),
                QuantizedActivation.compile(Activation.SILU, INPUT, OUTPUT, Profile.ONNX)
                        .table()
                        .codes(QuantType.INT8));
    }
}
