// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static dev.octant.core.ParameterPolicy.AIMET;
import static dev.octant.core.ParameterPolicy.NVIDIA;
import static dev.octant.core.ParameterPolicy.OCTANT;
import static dev.octant.core.ParameterPolicy.ONNX_RUNTIME;
import static dev.octant.core.ParameterPolicy.PYTORCH;
import static dev.octant.core.ParameterPolicy.TFLITE;
import static dev.octant.core.QuantScheme.ASYMMETRIC;
import static dev.octant.core.QuantScheme.FIXED;
import static dev.octant.core.QuantScheme.SYMMETRIC;
import static dev.octant.core.QuantType.INT8;
import static dev.octant.core.QuantType.INT8_NARROW;
import static dev.octant.core.QuantType.UINT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterPolicyTest {
    private static QuantParams choose(
            ParameterPolicy policy, double min, double max, QuantType type, QuantScheme scheme) {
        return policy.choose(RealRange.of(min, max), type, scheme);
    }

    private static void assertParams(
            float scale,
            int zeroPoint,
            ParameterPolicy policy,
            double min,
            double max,
            QuantType type,
            QuantScheme scheme) {
        assertEquals(QuantParams.of(type, scale, zeroPoint), choose(policy, min, max, type, scheme));
    }

    private static void assertRefused(
            String message, ParameterPolicy policy, double min, double max, QuantType type, QuantScheme scheme) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> choose(policy, min, max, type, scheme))
                        .getMessage());
    }

    @Test
    void onnxRuntime() {
        assertParams(0x1.010102p-6f, 64, ONNX_RUNTIME, -1, 3, UINT8, ASYMMETRIC);
        assertParams(0x1.010102p-6f, -64, ONNX_RUNTIME, -1, 3, INT8, ASYMMETRIC);
        assertParams(0x1.010102p-8f, -128, ONNX_RUNTIME, 0, 1, INT8, ASYMMETRIC);
        assertParams((float) (3 / 255.0), 0, ONNX_RUNTIME, 2, 3, UINT8, ASYMMETRIC);
        assertParams((float) (3 / 255.0), 127, ONNX_RUNTIME, -3, -2, INT8, ASYMMETRIC);
        assertParams(0x1.83060cp-6f, 0, ONNX_RUNTIME, -1, 3, INT8, SYMMETRIC);
        assertParams(0x1.83060cp-6f, 0, ONNX_RUNTIME, -1, 3, INT8_NARROW, SYMMETRIC);
        assertParams((float) (6 / 255.0), 128, ONNX_RUNTIME, -1, 3, UINT8, SYMMETRIC);
    }

    @Test
    void onnxRuntimesScaleOfOneBelowTheSmallestNormal() {
        for (QuantType type : QuantType.values()) {
            assertParams(1, 0, ONNX_RUNTIME, 0, 0, type, ASYMMETRIC);
            assertParams(1, 0, ONNX_RUNTIME, 0, 0, type, SYMMETRIC);
            assertParams(1, 0, ONNX_RUNTIME, -Float.MIN_NORMAL, Float.MIN_NORMAL, type, ASYMMETRIC);
        }
        float least = 255 * Float.MIN_NORMAL;
        assertParams(Float.MIN_NORMAL, -128, ONNX_RUNTIME, 0, least, INT8, ASYMMETRIC);
        assertParams(1, 0, ONNX_RUNTIME, 0, Math.nextDown(least), INT8, ASYMMETRIC);
    }

    @Test
    void pyTorch() {
        assertParams(3 / 127.5f, 0, PYTORCH, -1, 3, INT8, SYMMETRIC);
        assertParams(0.0235294122f, 128, PYTORCH, -1, 3, UINT8, SYMMETRIC);
        assertParams(3 / 127f, 0, PYTORCH, -1, 3, INT8_NARROW, SYMMETRIC);
        assertParams(6 / 255f, 0, PYTORCH, 2, 6, UINT8, ASYMMETRIC);
        assertParams(5 / 255f, 0, PYTORCH, 5, 5, UINT8, ASYMMETRIC);
        assertParams(5 / 255f, 255, PYTORCH, -5, -5, UINT8, ASYMMETRIC);
        assertParams(0x1p-23f, 0, PYTORCH, 0, 0, UINT8, ASYMMETRIC);
        assertParams(0x1p-23f, -128, PYTORCH, 0, 0, INT8, ASYMMETRIC);
        assertParams(0x1p-23f, 0, PYTORCH, 0, 0, INT8, SYMMETRIC);
        assertParams(0x1p-23f, -126, PYTORCH, -0x1p-22, 0, INT8, ASYMMETRIC); // the floor moves the zero point
    }

    @Test
    void tfLiteRoundsTiesAwayFromZero() {
        assertParams(4 / 255f, 64, TFLITE, -1, 3, UINT8, ASYMMETRIC);
        assertParams(1, 1, TFLITE, -0.5, 254.5, UINT8, ASYMMETRIC);
        assertParams(1, -128, TFLITE, -0.5, 254.5, INT8, ASYMMETRIC); // -127.5
        assertParams(1, -128, ONNX_RUNTIME, -0.5, 254.5, INT8, ASYMMETRIC);
        assertParams(1, 0, ONNX_RUNTIME, -0.5, 254.5, UINT8, ASYMMETRIC);
        assertParams(1, 3, TFLITE, -2.5, 252.5, UINT8, ASYMMETRIC);
        assertParams(1, 2, ONNX_RUNTIME, -2.5, 252.5, UINT8, ASYMMETRIC);
        assertParams(3 / 127f, 0, TFLITE, -1, 3, INT8, SYMMETRIC);
    }

    @Test
    void nvidia() {
        assertParams(3 / 127f, 0, NVIDIA, -1, 3, INT8, SYMMETRIC);
        assertParams(3 / 127f, 0, NVIDIA, -1, 3, INT8_NARROW, SYMMETRIC);
        assertParams(3 / 255f, 0, NVIDIA, 0, 3, UINT8, SYMMETRIC);
        assertParams(1, 0, NVIDIA, 0, 0x1p-24, INT8, SYMMETRIC);
        assertParams(Math.nextUp(0x1p-24f) / 127, 0, NVIDIA, 0, Math.nextUp(0x1p-24f), INT8, SYMMETRIC);
        // The check value of a TensorRT calibration cache: scale 3c010a14 for the largest magnitude 1.00024.
        assertParams(
                Float.intBitsToFloat(0x3c010a14),
                0,
                NVIDIA,
                0,
                127 * Float.intBitsToFloat(0x3c010a14),
                INT8,
                SYMMETRIC);
    }

    @Test
    void aimet() {
        assertParams((float) (4 / 255.0), 64, AIMET, -1, 3, UINT8, ASYMMETRIC);
        assertParams((float) (4 / 255.0), -64, AIMET, -1, 3, INT8, ASYMMETRIC);
        assertParams(1, 3, AIMET, -2.5, 252.5, UINT8, ASYMMETRIC);
        assertParams((float) (3 / 127.0), 0, AIMET, -1, 3, INT8, SYMMETRIC);
        assertParams((float) (3 / 127.0), 0, AIMET, -1, 3, INT8_NARROW, SYMMETRIC);
        assertParams((float) (3 / 127.0), 128, AIMET, -1, 3, UINT8, SYMMETRIC);
        assertParams((float) (0.01 / 255), 0, AIMET, 0, 0, UINT8, ASYMMETRIC);
        assertParams((float) (0.01 / 127), 0, AIMET, 0, 0, INT8, SYMMETRIC);
        assertParams((float) (0.01 / 255), 13, AIMET, -0.0005f, 0, UINT8, ASYMMETRIC); // 12.75
        assertParams((float) (5 / 255.0), 255, AIMET, -5, -5, UINT8, ASYMMETRIC);
    }

    /** Which end is farther from 0 does not matter, nor its sign. */
    @Test
    void symmetricParametersFollowFromTheFartherEnd() {
        for (ParameterPolicy policy : ParameterPolicy.values()) {
            for (QuantType type : new QuantType[] {INT8, INT8_NARROW}) {
                assertEquals(choose(policy, -1, 3, type, SYMMETRIC), choose(policy, -3, 1, type, SYMMETRIC));
                assertEquals(choose(policy, 0, 3, type, SYMMETRIC), choose(policy, -3, 0, type, SYMMETRIC));
            }
        }
    }

    @Test
    void theSmallestNormalFloatIsAScale() {
        double least = 127.0 * Float.MIN_NORMAL;
        assertParams(Float.MIN_NORMAL, 0, ONNX_RUNTIME, 0, least, INT8, SYMMETRIC);
        assertParams(Float.MIN_NORMAL, 0, TFLITE, 0, least, INT8, SYMMETRIC);
        assertRefused(
                "range must give a scale that is a positive normal float under TFLITE, was the scale "
                        + Math.nextDown(Float.MIN_NORMAL),
                TFLITE,
                0,
                127.0 * Math.nextDown(Float.MIN_NORMAL),
                INT8,
                SYMMETRIC);
    }

    @Test
    void whatIsNoTieIsRoundedToTheNearest() {
        assertParams(1, 2, TFLITE, -2.25, 252.75, UINT8, ASYMMETRIC);
        assertParams(1, 3, TFLITE, -2.75, 252.25, UINT8, ASYMMETRIC);
        assertParams(1, 2, AIMET, -2.25, 252.75, UINT8, ASYMMETRIC);
    }

    @ParameterizedTest
    @CsvSource({
        "OCTANT, octant",
        "ONNX_RUNTIME, onnxruntime",
        "PYTORCH, pytorch",
        "TFLITE, tflite",
        "NVIDIA, nvidia",
        "AIMET, aimet"
    })
    void namesOnTheCommandLine(ParameterPolicy policy, String label) {
        assertEquals(label, policy.label());
    }

    @Test
    void zeroPointsStayInsideTheType() {
        for (ParameterPolicy policy : new ParameterPolicy[] {OCTANT, ONNX_RUNTIME, PYTORCH, TFLITE, AIMET}) {
            for (QuantType type : QuantType.values()) {
                assertEquals(
                        type.high(), choose(policy, -7, 0, type, ASYMMETRIC).zeroPoint());
                assertEquals(type.low(), choose(policy, 0, 7, type, ASYMMETRIC).zeroPoint());
            }
        }
    }

    @Test
    void whatTheEnginesDoNotHaveIsRefused() {
        assertRefused("scheme must be SYMMETRIC under NVIDIA, was ASYMMETRIC", NVIDIA, -1, 3, INT8, ASYMMETRIC);
        assertRefused("range must be at least 0 for uint8 under NVIDIA, was -1.0", NVIDIA, -1, 3, UINT8, SYMMETRIC);
        assertRefused(
                "type must be signed for symmetric parameters under TFLITE, was uint8",
                TFLITE,
                -1,
                3,
                UINT8,
                SYMMETRIC);
        assertRefused(
                "range must give a scale that is a positive normal float under TFLITE, was the scale 0.0",
                TFLITE,
                0,
                0,
                INT8,
                ASYMMETRIC);
        assertRefused(
                "range must give a scale that is a positive normal float under PYTORCH, was the scale Infinity",
                PYTORCH,
                -3e38,
                3e38,
                INT8,
                ASYMMETRIC);
        assertRefused("range must have ends finite as floats, was [0.0, 1.0E39]", PYTORCH, 0, 1e39, INT8, ASYMMETRIC);
        assertRefused("scheme must be ASYMMETRIC or SYMMETRIC under AIMET, was FIXED", AIMET, 0, 1, INT8, FIXED);
        assertRefused("scheme must be ASYMMETRIC or SYMMETRIC under NVIDIA, was FIXED", NVIDIA, 0, 1, INT8, FIXED);
    }

    @Test
    void fixedOutputsAreTheSameEverywhere() {
        for (ParameterPolicy policy : new ParameterPolicy[] {OCTANT, ONNX_RUNTIME, PYTORCH, TFLITE}) {
            assertParams(0x1p-8f, -128, policy, 0, 1, INT8, FIXED);
            assertParams(0x1p-7f, 128, policy, -1, 1, UINT8, FIXED);
        }
    }

    @Test
    void oursIsTheScheme() {
        for (QuantScheme scheme : QuantScheme.values()) {
            RealRange range = RealRange.of(-1.3, 7.7);
            assertEquals(scheme.choose(range, INT8), OCTANT.choose(range, INT8, scheme));
        }
    }
}
