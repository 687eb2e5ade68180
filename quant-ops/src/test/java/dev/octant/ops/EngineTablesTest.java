package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
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
        assertThrows(
                IllegalArgumentException.class,
                () -> QuantizedActivation.compile(Activation.hardsigmoid(0.2, 0.5), INPUT, OUTPUT, Profile.PYTORCH));
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
