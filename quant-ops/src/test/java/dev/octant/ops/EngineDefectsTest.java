// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Defects measured in the engines, one test each: what Octant does instead. The table is in docs/numerics.md. */
class EngineDefectsTest {
    private static final QuantParams INT8 = QuantParams.of(QuantType.INT8, 1f, 0);

    /** ONNX Runtime's uint8 QLinearSoftmax answers 0 for rows of one element: its product overflows. */
    @Test
    void softmaxOfOneElementIsTheLargestCode() {
        QuantParams in = QuantParams.of(QuantType.UINT8, 0.1f, 7);
        QuantParams out = QuantizedSoftmax.fixedOutput(QuantType.UINT8);
        for (Profile profile : new Profile[] {Profile.ONNX, Profile.ONNX_RUNTIME, Profile.TFLITE, Profile.XNNPACK}) {
            byte[] codes = {100, 7};
            QuantizedSoftmax.softmax(in, out, profile).apply(codes, 0, codes, 0, 2, new ChannelLayout(1, 1));
            assertEquals(255, codes[0] & 0xFF, profile.label());
            assertEquals(255, codes[1] & 0xFF, profile.label());
        }
    }

    /**
     * ONNX Runtime's QLinearSoftmax overflows in rows of up to 16 elements too, where the output's scale is finer:
     * where {@code floor(1 / scale)} is above 148 times their length.
     */
    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void softmaxOfShortRowsInFineStepsIsTheShare(QuantType type) {
        for (int length = 1; length <= 16; length++) {
            for (int zeroPoint : new int[] {type.low(), 0, 5}) {
                QuantParams in = QuantParams.of(type, 0.1f, 7);
                QuantParams out = QuantParams.of(type, 1 / 2400f, zeroPoint);
                byte[] codes = new byte[length];
                Arrays.fill(codes, (byte) 100);
                QuantizedSoftmax.softmax(in, out, Profile.ONNX_RUNTIME)
                        .apply(codes, 0, codes, 0, length, new ChannelLayout(length, 1));
                int expected = Math.min(2400 / length + zeroPoint, type.high());
                for (byte code : codes) {
                    assertEquals(expected, type.code(code), 1);
                }
            }
        }
    }

    /** The sum in 12 integer bits wraps under the profile tflite as it does in the engine: 8,193 ones are as one. */
    @Test
    void softmaxOfLongRowsWrapsAsTheEngine() {
        QuantParams in = QuantParams.of(QuantType.INT8, 0.1f, 7);
        QuantParams out = QuantizedSoftmax.fixedOutput(QuantType.INT8);
        byte[] codes = new byte[8193];
        QuantizedSoftmax.softmax(in, out, Profile.TFLITE)
                .apply(codes, 0, codes, 0, codes.length, new ChannelLayout(codes.length, 1));
        for (byte code : codes) {
            assertEquals(127, code);
        }
        Arrays.fill(codes, (byte) 0);
        QuantizedSoftmax.softmax(in, out).apply(codes, 0, codes, 0, codes.length, new ChannelLayout(codes.length, 1));
        for (byte code : codes) {
            assertEquals(-128, code);
        }
    }

    /** ONNX Runtime's QLinearAdd gives the lowest code where a sum is beyond an int. */
    @ParameterizedTest
    @EnumSource(value = Profile.class, names = "XNNPACK", mode = EnumSource.Mode.EXCLUDE)
    void aHugeSumSaturates(Profile profile) {
        QuantParams y = QuantParams.of(QuantType.INT8, 1e-9f, 5);
        QuantizedBinary sum = QuantizedBinary.add(INT8, INT8, y, profile);
        assertEquals(127, sum.apply(127, 127));
        assertEquals(-128, sum.apply(-128, -128));
        QuantParams unsigned = QuantParams.of(QuantType.UINT8, 1e-9f, 5);
        QuantParams operand = QuantParams.of(QuantType.UINT8, 1f, 0);
        assertEquals(
                255, QuantizedBinary.add(operand, operand, unsigned, profile).apply(200, 200));
    }

    /** TensorFlow Lite's optimised MUL wraps where the result leaves 16 bits; PyTorch's where it leaves 32. */
    @ParameterizedTest
    @EnumSource(Profile.class)
    void aHugeProductSaturates(Profile profile) {
        float least = profile == Profile.XNNPACK ? 1 / 255f : 1e-9f;
        QuantParams y = QuantParams.of(QuantType.INT8, least, 5);
        QuantizedBinary product = QuantizedBinary.multiply(INT8, INT8, y, profile);
        assertEquals(127, product.apply(127, 127));
        assertEquals(127, product.apply(-128, -128));
        assertEquals(-128, product.apply(127, -128));
    }

    /**
     * TensorFlow Lite's QUANTIZE sends +Inf, 3e38 and 3e9 to the lowest code on x86; PyTorch 2.14.1 -Inf to the highest
     * of int8 with a negative zero point, and +Inf to the lowest of uint8 with one of 128 or more.
     */
    @ParameterizedTest
    @EnumSource(Profile.class)
    void infinitiesSaturateAtTheirOwnEnd(Profile profile) {
        for (int zeroPoint : new int[] {-128, -5, 0, 5, 127}) {
            QuantParams params = QuantParams.of(QuantType.INT8, 1f, zeroPoint);
            for (float big : new float[] {Float.POSITIVE_INFINITY, Float.MAX_VALUE, 3e38f, 3e9f}) {
                assertEquals(127, profile.quantize(big, params));
                assertEquals(-128, profile.quantize(-big, params));
            }
        }
        for (int zeroPoint : new int[] {0, 127, 128, 200, 255}) {
            QuantParams params = QuantParams.of(QuantType.UINT8, 1f, zeroPoint);
            for (float big : new float[] {Float.POSITIVE_INFINITY, Float.MAX_VALUE, 3e38f, 3e9f}) {
                assertEquals(255, profile.quantize(big, params));
                assertEquals(0, profile.quantize(-big, params));
            }
        }
    }

    /** PyTorch's vector lanes leave a residue of about 1e-9 where the code is the zero point. */
    @ParameterizedTest
    @EnumSource(Profile.class)
    void theZeroPointIsZero(Profile profile) {
        for (int zeroPoint = -128; zeroPoint < 128; zeroPoint++) {
            assertEquals(0f, profile.dequantize(zeroPoint, QuantParams.of(QuantType.INT8, 0.1f, zeroPoint)));
        }
    }

    /** PyTorch's qint32 sigmoid stops at 0.5: its scale 2^-32 does not span a signed type. */
    @Test
    void aFixedGridSpansTheFunction() {
        for (QuantType type : QuantType.values()) {
            QuantParams out = Activation.SIGMOID.fixedOutput(type).orElseThrow();
            QuantParams in = QuantParams.of(type, 1f, 0);
            QuantizedActivation sigmoid = QuantizedActivation.compile(Activation.SIGMOID, in, out);
            assertEquals(type.high(), sigmoid.apply(type.high()));
            assertEquals(1 - 1.0 / type.levels(), out.dequantize(type.high()), 1e-6);
        }
    }

    /** PyTorch's prelu bends the positive side where 1.0 is not on the grid of the slope: 7.2 becomes 1.8. */
    @Test
    void preluLeavesPositiveValuesAlone() {
        QuantParams grid = QuantParams.of(QuantType.UINT8, 0.05f, 100);
        QuantizedActivation prelu = QuantizedActivation.compile(Activation.prelu(0.001), grid, grid);
        for (int code = 100; code < 256; code++) {
            assertEquals(code, prelu.apply(code));
        }
    }

    /**
     * PyTorch's add of a scalar moves the zero point by whole steps: 1.03 becomes 1.05. Here it is a table like any
     * other.
     */
    @Test
    void addingAScalarRoundsTheSum() {
        QuantParams grid = QuantParams.of(QuantType.INT8, 0.05f, 0);
        QuantParams fine = QuantParams.of(QuantType.INT8, 0.01f, 0);
        QuantizedActivation add =
                QuantizedActivation.compile(Activation.of("add_1.03", x -> x + 1.03, RealRange.ALL), grid, fine);
        assertEquals(1.03f, fine.dequantize(add.apply(0)), 1e-6f);
        assertEquals(0.98f, fine.dequantize(add.apply(-1)), 1e-6f);
    }

    /** PyTorch's oneDNN engine caches an op without its ReLU, so that the second of two gives the first's result. */
    @Test
    void reluIsNotForgottenNorRemembered() {
        QuantizedBinary add = QuantizedBinary.add(INT8, INT8, INT8);
        QuantizedBinary rectified = add.withRelu();
        assertEquals(-7, add.apply(-3, -4));
        assertEquals(0, rectified.apply(-3, -4));
        assertEquals(-7, add.apply(-3, -4));
    }

    /** PyTorch's onednn::qadd and qmul read bytes from 128 on as negative: 200 + 1 becomes -55. */
    @Test
    void unsignedBytesAreUnsigned() {
        QuantParams grid = QuantParams.of(QuantType.UINT8, 1f, 0);
        QuantizedTensor a = TensorQuantizer.of(grid).quantize(200f, 255f, 128f);
        QuantizedTensor b = TensorQuantizer.of(grid).quantize(1f, 0f, 127f);
        for (Profile profile : Profile.values()) {
            QuantizedTensor sum =
                    QuantizedBinary.add(a.params(), b.params(), grid, profile).apply(a, b);
            assertEquals(201, sum.code(0), profile.label());
            assertEquals(255, sum.code(1), profile.label());
            assertEquals(255, sum.code(2), profile.label());
        }
    }
}
