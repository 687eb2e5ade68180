// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.fixtures.IntegerOracle;
import dev.octant.fixtures.QuantInputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntegerQuantizerTest {
    /** More than a block of staging, odd, with short last blocks: blocks along the last, and along a middle axis. */
    @ParameterizedTest
    @EnumSource
    void longTensorsAreTheOracles(IntegerType type) {
        check(type, new int[] {3, 3333}, 1, 32);
        check(type, new int[] {3, 101, 33}, 1, 7);
        check(type, new int[] {2, 4999}, 1, 5000);
    }

    private static void check(IntegerType type, int[] shape, int axis, int block) {
        Random random = new Random(type.label().hashCode());
        int[] groups = IntegerOracle.scalesOfBlocks(shape, axis, block);
        BlockLayout layout = BlockLayout.of(axis, block, shape);
        float[] scales = new float[layout.groups()];
        int[] zeroPoints = new int[layout.groups()];
        for (int g = 0; g < scales.length; g++) {
            scales[g] = (float) Math.scalb(1 + random.nextDouble(), random.nextInt(9) - 8);
            zeroPoints[g] = type.low() + random.nextInt(type.high() - type.low() + 1);
        }
        float[] values = new float[groups.length];
        int[] expected = new int[groups.length];
        for (int i = 0; i < values.length; i++) {
            int steps = random.nextInt(type.high() - type.low() + 20) + type.low() - 10 - zeroPoints[groups[i]];
            values[i] = (float) ((steps + random.nextInt(3) / 2.0) * scales[groups[i]]);
            expected[i] = IntegerOracle.quantize(
                    values[i], scales[groups[i]], zeroPoints[groups[i]], type.low(), type.high());
        }
        IntegerQuantizer quantizer = IntegerQuantizer.of(type, layout, scales, zeroPoints);
        float[] back = new float[values.length];
        if (type.isWide()) {
            short[] codes = new short[values.length];
            quantizer.quantize(values, 0, codes, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                assertEquals((short) expected[i], codes[i], "code " + i);
            }
            quantizer.dequantize(codes, 0, back, 0, back.length);
        } else {
            byte[] codes = new byte[type.storedLength(values.length)];
            quantizer.quantize(values, 0, codes, 0, values.length);
            assertArrayEquals(IntegerOracle.pack(expected, type.bits()), codes);
            quantizer.dequantize(codes, 0, back, 0, back.length);
        }
        for (int i = 0; i < values.length; i++) {
            assertEquals(
                    IntegerOracle.dequantize(expected[i], scales[groups[i]], zeroPoints[groups[i]]),
                    back[i],
                    "element " + i);
        }
    }

    /** On 8 bits the codes of the quantizers that there are, by every profile. */
    @ParameterizedTest
    @EnumSource
    void eightBitsAreThoseOfTheOtherQuantizers(Profile profile) {
        float[] values = QuantInputs.anyFloats(5, 6000);
        for (ChannelLayout layout :
                List.of(new ChannelLayout(1, 1), new ChannelLayout(6, 1), new ChannelLayout(3, 50))) {
            for (QuantType type : List.of(QuantType.INT8, QuantType.UINT8)) {
                List<QuantParams> params = new ArrayList<>();
                float[] scales = new float[layout.channels()];
                int[] zeroPoints = new int[layout.channels()];
                for (int c = 0; c < scales.length; c++) {
                    scales[c] = 0.01f + c * 0.3f;
                    zeroPoints[c] = 5 * c + 1;
                    params.add(QuantParams.of(type, scales[c], zeroPoints[c]));
                }
                ChannelQuantizer channels = ChannelQuantizer.of(layout, params, profile);
                IntegerQuantizer quantizer = IntegerQuantizer.of(
                                IntegerType.parse(type.label()), layout, scales, zeroPoints)
                        .withProfile(profile);
                assertEquals(profile, quantizer.profile());
                byte[] expected = new byte[6000];
                byte[] actual = new byte[6000];
                channels.quantize(values, 0, expected, 0, 6000);
                quantizer.quantize(values, 0, actual, 0, 6000);
                assertArrayEquals(expected, actual);
            }
        }
    }

    /** By a profile's own words for one value, where codes have 16 bits and blocks. */
    @ParameterizedTest
    @EnumSource
    void profilesHoldForSixteenBitsAndBlocks(Profile profile) {
        float[] values = QuantInputs.anyFloats(6, 3000);
        float[] scales = {0.3f, 1e-3f};
        int[] zeroPoints = {-7, 1234};
        for (int block : new int[] {750, 1500}) {
            // The first has one scale a run, the second another scale at each element.
            BlockLayout layout = block == 750 ? new BlockLayout(1, 1500, 1, 750) : new BlockLayout(1, 1500, 2, 1500);
            IntegerQuantizer quantizer = IntegerQuantizer.of(IntegerType.INT16, layout, scales, zeroPoints)
                    .withProfile(profile);
            int length = (int) layout.size();
            short[] codes = new short[length];
            quantizer.quantize(values, 0, codes, 0, length);
            for (int i = 0; i < length; i++) {
                int g = quantizer.group(i);
                float rounded = profile.round(profile.steps(values[i], scales[g]));
                int expected = Float.isNaN(rounded)
                        ? profile == Profile.ONNX_RUNTIME ? -32768 : zeroPoints[g]
                        : (int) Math.min(Math.max((double) rounded + zeroPoints[g], -32768), 32767);
                assertEquals(expected, codes[i], values[i] + " in steps of " + scales[g]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nanIsTheZeroPointAndInfinitiesSaturate(IntegerType type) {
        int zeroPoint = type.low() + 1;
        IntegerQuantizer quantizer = IntegerQuantizer.of(type, 0.5f, zeroPoint);
        float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, -3e38f, -0f};
        int[] expected = {zeroPoint, type.high(), type.low(), type.high(), type.low(), zeroPoint};
        float[] back = new float[values.length];
        if (type.isWide()) {
            short[] codes = new short[values.length];
            quantizer.quantize(values, 0, codes, 0, codes.length);
            quantizer.dequantize(codes, 0, back, 0, codes.length);
        } else {
            byte[] codes = new byte[type.storedLength(values.length)];
            quantizer.quantize(values, 0, codes, 0, values.length);
            assertArrayEquals(IntegerOracle.pack(expected, type.bits()), codes);
            quantizer.dequantize(codes, 0, back, 0, values.length);
        }
        for (int i = 0; i < values.length; i++) {
            assertEquals((expected[i] - zeroPoint) * 0.5f, back[i]);
        }
    }

    /** In one memory the destination gets what a copy of the source would have given, wherever the two lie. */
    @Test
    void buffersMayShareMemory() {
        Random random = new Random(3);
        for (IntegerType type : IntegerType.values()) {
            IntegerQuantizer quantizer =
                    IntegerQuantizer.of(type, new BlockLayout(1, 9001, 1, 33), scales(273), zeros(273));
            for (int ahead : new int[] {-40_000, -9001, -3, 0, 3, 4500, 20_000, 36_004}) {
                ByteBuffer memory = ByteBuffer.allocateDirect(120_000).order(ByteOrder.nativeOrder());
                for (int i = 0; i < memory.capacity() / 4; i++) {
                    memory.putFloat(4 * i, (float) random.nextGaussian());
                }
                int stored = type.storedLength(9001) * (type.isWide() ? 2 : 1);
                FloatBuffer src = memory.slice(40_000, 4 * 9001)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                ByteBuffer dst = memory.slice(40_000 + ahead, stored).order(ByteOrder.nativeOrder());
                float[] values = new float[9001];
                src.get(0, values);
                float[] reals = new float[9001];
                ByteBuffer codes = ByteBuffer.allocate(stored).order(ByteOrder.nativeOrder());
                if (type.isWide()) {
                    quantizer.quantize(FloatBuffer.wrap(values), codes.asShortBuffer());
                    quantizer.dequantize(codes.asShortBuffer(), FloatBuffer.wrap(reals), 9001);
                    quantizer.quantize(src, dst.asShortBuffer());
                } else {
                    quantizer.quantize(FloatBuffer.wrap(values), codes.duplicate());
                    quantizer.dequantize(codes.duplicate(), FloatBuffer.wrap(reals), 9001);
                    quantizer.quantize(src, dst.duplicate());
                }
                assertEquals(codes, dst, type + " quantized " + ahead + " bytes ahead");

                FloatBuffer back = memory.slice(40_000 + ahead - ahead % 4, 4 * 9001)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                ByteBuffer from = memory.slice(40_000, stored).order(ByteOrder.nativeOrder());
                from.duplicate().put(codes.duplicate());
                if (type.isWide()) {
                    quantizer.dequantize(from.asShortBuffer(), back, 9001);
                } else {
                    quantizer.dequantize(from, back, 9001);
                }
                assertEquals(FloatBuffer.wrap(reals), back.flip(), type + " dequantized " + ahead + " bytes ahead");
            }
        }
    }

    @Test
    void badPartsAreRefused() {
        ChannelLayout two = new ChannelLayout(2, 3);
        refused(
                "scales must be one for each of 2 groups, were 1",
                () -> IntegerQuantizer.of(IntegerType.INT4, two, new float[1], new int[2]));
        refused(
                "zero points must be one for each of 2 groups, were 3",
                () -> IntegerQuantizer.of(IntegerType.INT4, two, scales(2), new int[3]));
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.MIN_VALUE}) {
            refused(
                    "scale must be a positive normal float (" + Float.toString(Float.MIN_NORMAL) + " to "
                            + Float.toString(Float.MAX_VALUE) + "), was " + scale + " in group 1",
                    () -> IntegerQuantizer.of(IntegerType.INT4, two, new float[] {1, scale}, zeros(2)));
        }
        refused(
                "zero point must be within -8..7 of int4, was 8 in group 0",
                () -> IntegerQuantizer.of(IntegerType.INT4, 1, 8));
        refused(
                "zero point must be within 0..65535 of uint16, was -1 in group 0",
                () -> IntegerQuantizer.of(IntegerType.UINT16, 1, -1));
    }

    @Test
    void badCallsAreRefusedBeforeAnythingIsWritten() {
        float[] values = {1, 2, 3, 4};
        IntegerQuantizer narrow =
                IntegerQuantizer.of(IntegerType.INT4, new BlockLayout(1, 4, 1, 2), scales(2), zeros(2));
        IntegerQuantizer wide = narrow(IntegerType.INT16);
        refused("codes of int4 must be in bytes, were in shorts", () -> narrow.quantize(values, 0, new short[4], 0, 4));
        refused(
                "codes of int4 must be in bytes, were in shorts",
                () -> narrow.dequantize(ShortBuffer.allocate(4), FloatBuffer.allocate(4), 4));
        refused("codes of int16 must be in shorts, were in bytes", () -> wide.quantize(values, 0, new byte[4], 0, 4));
        refused("codes of int16 must be in shorts, were in bytes", () -> wide.dequantize(new byte[4], 0, values, 0, 4));
        byte[] codes = new byte[4];
        refused(
                "part must lie within the tensor's 4 elements, was 4 from 1 on",
                () -> narrow.quantize(values, 0, codes, 0, 4, 1));
        refused(
                "part must lie within the tensor's 4 elements, was 1 from -1 on",
                () -> narrow.dequantize(codes, 0, values, 0, 1, -1));
        refused("part must lie within the tensor's 4 elements, was 1 from 4 on", () -> narrow.group(4));
        refused(
                "destination must have room for 2 elements, had 1 remaining",
                () -> narrow.quantize(FloatBuffer.wrap(values), ByteBuffer.allocate(1)));
        refused(
                "destination must be writable, was a read-only buffer",
                () -> narrow.quantize(
                        FloatBuffer.wrap(values), ByteBuffer.allocate(2).asReadOnlyBuffer()));
        refused(
                "source must have 2 elements, had 1 remaining",
                () -> narrow.dequantize(ByteBuffer.allocate(1), FloatBuffer.allocate(3), 3));
        assertThrows(IndexOutOfBoundsException.class, () -> narrow.quantize(values, 1, codes, 0, 4));
        for (int group : new int[] {-1, narrow.groups()}) {
            String sentence = "group must be within 0.." + (narrow.groups() - 1) + ", was " + group;
            assertEquals(
                    sentence,
                    assertThrows(IndexOutOfBoundsException.class, () -> narrow.scale(group))
                            .getMessage());
            assertEquals(
                    sentence,
                    assertThrows(IndexOutOfBoundsException.class, () -> narrow.zeroPoint(group))
                            .getMessage());
        }
        assertThrows(IndexOutOfBoundsException.class, () -> narrow.quantize(values, 0, codes, 3, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> narrow.dequantize(codes, 3, values, 0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> narrow.quantize(values, 0, codes, 0, -1));
        assertArrayEquals(new byte[4], codes);
        narrow.quantize(values, 0, codes, 2, 4);
        assertEquals(0x21, codes[2]);
        assertEquals(0x43, codes[3]);
    }

    private static IntegerQuantizer narrow(IntegerType type) {
        return IntegerQuantizer.of(type, new BlockLayout(1, 4, 1, 2), scales(2), zeros(2));
    }

    /** What was handed in is copied, and comes back. */
    @Test
    void partsAreKept() {
        float[] scales = {1, 2};
        int[] zeroPoints = {3, 4};
        IntegerQuantizer quantizer =
                IntegerQuantizer.of(IntegerType.UINT4, new BlockLayout(1, 6, 1, 4), scales, zeroPoints);
        scales[0] = 9;
        zeroPoints[0] = 9;
        assertEquals(2, quantizer.groups());
        assertEquals(1, quantizer.scale(0));
        assertEquals(3, quantizer.zeroPoint(0));
        assertEquals(2, quantizer.scale(1));
        assertEquals(IntegerType.UINT4, quantizer.type());
        assertEquals("uint4 with 2 scales, blocks of 4", quantizer.toString());
        assertEquals(
                "int16(scale=0.5, zeroPoint=-3)",
                IntegerQuantizer.of(IntegerType.INT16, 0.5f, -3).toString());
        IntegerQuantizer other = quantizer.withProfile(Profile.TFLITE);
        byte[] ties = new byte[1];
        other.quantize(new float[] {0.5f, 1.5f}, 0, ties, 0, 2);
        assertEquals(0x54, ties[0], "ties away from zero");
        assertThrows(IllegalArgumentException.class, () -> other.group(6));
    }

    private static float[] scales(int count) {
        float[] scales = new float[count];
        Arrays.fill(scales, 1);
        return scales;
    }

    private static int[] zeros(int count) {
        return new int[count];
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
