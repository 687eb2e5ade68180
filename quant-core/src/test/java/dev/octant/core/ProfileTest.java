// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProfileTest {
    private static final QuantParams UNIT = QuantParams.of(QuantType.INT8, 1, -5);

    @ParameterizedTest
    @CsvSource({
        "ONNX, 0, 2, 2, 0",
        "ONNX_RUNTIME, 0, 2, 2, 0",
        "TFLITE, 1, 2, 3, -1",
        "XNNPACK, 0, 2, 2, 0",
        "PYTORCH, 0, 2, 2, 0"
    })
    void ties(Profile profile, int half, int oneAndHalf, int twoAndHalf, int minusHalf) {
        assertEquals(half - 5, profile.quantize(0.5f, UNIT));
        assertEquals(oneAndHalf - 5, profile.quantize(1.5f, UNIT));
        assertEquals(twoAndHalf - 5, profile.quantize(2.5f, UNIT));
        assertEquals(minusHalf - 5, profile.quantize(-0.5f, UNIT));
    }

    @ParameterizedTest
    @CsvSource({"ONNX, onnx", "ONNX_RUNTIME, onnxruntime", "TFLITE, tflite", "XNNPACK, xnnpack", "PYTORCH, pytorch"})
    void namesInFilesAndOnTheCommandLine(Profile profile, String label) {
        assertEquals(label, profile.label());
        assertEquals(label, profile.toString());
    }

    /** The float next below one half must not be pushed over it by adding one half. */
    @Test
    void theFloatBelowATieIsNotOne() {
        assertEquals(-5, Profile.TFLITE.quantize(Math.nextDown(0.5f), UNIT));
        assertEquals(-5, Profile.TFLITE.quantize(-Math.nextDown(0.5f), UNIT));
    }

    /** FBGEMM's own example: 127.5 by the reciprocal, 127.499992 by division. */
    @ParameterizedTest
    @CsvSource({"ONNX, 127", "ONNX_RUNTIME, 127", "TFLITE, 127", "XNNPACK, 128", "PYTORCH, 128"})
    void reciprocalAndDivision(Profile profile, int code) {
        QuantParams params = QuantParams.of(QuantType.UINT8, 0.00214854861f, 0);
        assertEquals(code, profile.quantize(0.273939937f, params));
    }

    /** Engines wrap some of these to the opposite end; no profile does. */
    @ParameterizedTest
    @EnumSource
    void nothingWraps(Profile profile) {
        for (QuantType type : QuantType.values()) {
            for (int zeroPoint : new int[] {type.low(), 0, 7, type.high()}) {
                for (float scale : new float[] {Float.MIN_NORMAL, 1e-10f, 1, 1e10f, Float.MAX_VALUE}) {
                    QuantParams params = QuantParams.of(type, scale, zeroPoint);
                    assertEquals(type.high(), profile.quantize(Float.POSITIVE_INFINITY, params));
                    assertEquals(type.low(), profile.quantize(Float.NEGATIVE_INFINITY, params));
                    assertFalse(profile.inRange(Float.POSITIVE_INFINITY, params));
                    assertFalse(profile.inRange(Float.NaN, params));
                    if (scale <= 1) {
                        assertEquals(type.high(), profile.quantize(3e38f, params));
                        assertEquals(type.low(), profile.quantize(-3e9f, params));
                    }
                    assertEquals(zeroPoint, profile.quantize(-0f, params));
                    assertTrue(profile.inRange(0, params));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void notANumber(Profile profile) {
        assertEquals(profile == Profile.ONNX_RUNTIME ? -128 : -5, profile.quantize(Float.NaN, UNIT));
    }

    /** Quantizing what dequantizing gave changes nothing, whatever the rounding. */
    @ParameterizedTest
    @EnumSource
    void codesRoundTrip(Profile profile) {
        QuantParams params = QuantParams.of(QuantType.UINT8, 0.1f, 77);
        for (int q = 0; q < 256; q++) {
            assertEquals(q, profile.quantize(profile.dequantize(q, params), params));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tensorsFollowTheProfile(Profile profile) {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.25f, 3);
        QuantParams target = QuantParams.of(QuantType.INT8, 0.1f, -1);
        float[] values = new float[300];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i - 150) * 0.125f;
        }
        byte[] codes = new byte[values.length];
        TensorQuantizer quantizer = TensorQuantizer.of(params, profile);
        quantizer.quantize(values, 0, codes, 0, codes.length);
        byte[] moved = new byte[codes.length];
        quantizer.requantize(codes, 0, target, moved, 0, codes.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(profile.quantize(values[i], params), codes[i]);
            assertEquals(profile.quantize(params.dequantize(codes[i]), target), moved[i]);
        }
        for (int inner : new int[] {1, 4}) {
            ChannelLayout layout = new ChannelLayout(3, inner);
            List<QuantParams> channels = IntStream.range(0, 3)
                    .mapToObj(c -> QuantParams.of(QuantType.INT8, 0.25f * (c + 1), c))
                    .toList();
            ChannelQuantizer perChannel = ChannelQuantizer.of(layout, channels, profile);
            assertEquals(profile, perChannel.profile());
            byte[] expected = new byte[values.length];
            for (int i = 0; i < values.length; i++) {
                expected[i] = (byte) profile.quantize(values[i], channels.get(i / inner % 3));
            }
            byte[] actual = new byte[values.length];
            perChannel.quantize(values, 0, actual, 0, values.length);
            assertArrayEquals(expected, actual);
        }
    }
}
