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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** Every function and every profile: docs/numerics.md says which has which, and nothing else. */
    @Test
    void thePageSaysWhoHasWhat() throws IOException {
        List<String> page = Files.readAllLines(Path.of("..", "docs", "numerics.md"));
        int head = page.indexOf(Arrays.stream(Profile.values())
                .map(profile -> "`" + profile.label() + "`")
                .collect(Collectors.joining(" | ", "| function | parameters | ", " |")));
        List<String> rows = page.subList(head + 2, page.indexOf("### Golden data") - 1);
        List<String> expected = Arrays.stream(ActivationKind.values())
                .filter(kind -> kind != ActivationKind.CUSTOM)
                .map(EngineTablesTest::row)
                .toList();
        assertEquals(expected, rows);
    }

    private static String row(ActivationKind kind) {
        String parameters =
                Arrays.stream(kind.defaults()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        return Arrays.stream(Profile.values())
                .map(profile -> has(Activation.of(kind), profile) ? "yes" : "-")
                .collect(Collectors.joining(
                        " | ",
                        "| `" + kind.label() + "` | " + (parameters.isEmpty() ? "-" : parameters) + " | ",
                        " |"));
    }

    private static boolean has(Activation op, Profile profile) {
        QuantParams output = QuantizedActivation.keepsGrid(op, profile)
                ? INPUT
                : op.fixedOutput(QuantType.INT8).orElse(OUTPUT);
        try {
            return QuantizedActivation.compile(op, INPUT, output, profile).profile() == profile;
        } catch (IllegalArgumentException e) {
            assertEquals("profile " + profile + " has no " + op.name(), e.getMessage());
            return false;
        }
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

    /** Clamps of codes and GELU keep the grid under PyTorch; no other op and no other engine does. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void pytorchsClampsKeepTheGrid(ActivationKind kind) {
        boolean keeps = Set.of(
                        ActivationKind.RELU,
                        ActivationKind.RELU6,
                        ActivationKind.HARDTANH,
                        ActivationKind.GELU,
                        ActivationKind.GELU_TANH)
                .contains(kind);
        for (Profile profile : Profile.values()) {
            assertEquals(
                    keeps && profile == Profile.PYTORCH,
                    QuantizedActivation.keepsGrid(Activation.of(kind), profile),
                    profile.label());
        }
    }

    /** What PyTorch's own ops cannot be asked for. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void pytorchHasWholeTypesAndChoosesSomeOutputs(ActivationKind kind) {
        Activation op = Activation.of(kind);
        for (QuantType in : QuantType.values()) {
            for (QuantType out : QuantType.values()) {
                QuantParams input = QuantParams.of(in, 0.02f, 3);
                QuantParams output = QuantizedActivation.keepsGrid(op, Profile.PYTORCH) && in == out
                        ? input
                        : op.fixedOutput(out).orElse(QuantParams.of(out, 0.03f, 5));
                boolean has = kind == ActivationKind.IDENTITY || (in == out && in != QuantType.INT8_NARROW);
                String refusal = refusal(op, input, output);
                assertTrue(
                        has
                                ? refusal.isEmpty() || refusal.equals("profile pytorch has no " + op.name())
                                : !refusal.isEmpty(),
                        () -> op + ", " + in + ", " + out + ": " + refusal);
            }
        }
        if (kind == ActivationKind.TANH || kind == ActivationKind.HARDSIGMOID) {
            QuantParams fixed = op.fixedOutput(QuantType.UINT8).orElseThrow();
            QuantParams input = QuantParams.of(QuantType.UINT8, 0.02f, 3);
            for (QuantParams other : List.of(
                    QuantParams.of(QuantType.UINT8, Math.nextUp(fixed.scale()), fixed.zeroPoint()),
                    QuantParams.of(QuantType.UINT8, fixed.scale(), fixed.zeroPoint() + 1))) {
                assertEquals(
                        "profile pytorch must have " + op.name() + " with the output parameters " + fixed + ", was "
                                + other,
                        refusal(op, input, other));
            }
        }
    }

    @Test
    void pytorchsTypesAreNamed() {
        QuantParams narrow = QuantParams.of(QuantType.INT8_NARROW, 0.02f, 3);
        assertEquals(
                "types of sigmoid must both be int8 or both uint8 under profile pytorch, were int8_narrow and int8",
                refusal(Activation.SIGMOID, narrow, QuantParams.of(QuantType.INT8, 0.02f, 3)));
        assertEquals(
                "profile pytorch must have gelu with the input's parameters for output, " + INPUT + ", was " + OUTPUT,
                refusal(Activation.GELU, INPUT, OUTPUT));
    }

    /** The sentence of a refusal, or nothing. */
    private static String refusal(Activation op, QuantParams input, QuantParams output) {
        try {
            QuantizedActivation.compile(op, input, output, Profile.PYTORCH);
            return "";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
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
                "elu(1.0): " + INPUT + " -> " + OUTPUT + " within " + RealRange.ALL + " as pytorch",
                QuantizedActivation.compile(Activation.elu(1), INPUT, OUTPUT, Profile.PYTORCH)
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
