// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelQuantizerTest {
    private static final QuantParams FINE = QuantParams.of(QuantType.INT8, 0.1f, 3);
    private static final QuantParams COARSE = QuantParams.of(QuantType.INT8, 1, 0);

    /** Channels, rows and tensors that end before, at and after a staging block of 4096 values. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "3, 5, 1",
        "0, 5, 7",
        "3, 1, 4096",
        "2, 2, 4095",
        "2, 2, 4097",
        "2, 3, 5000",
        "1, 2, 9000",
        "2, 4095, 1",
        "2, 4096, 1",
        "2, 4097, 1",
        "1, 9000, 1",
        "3000, 3, 1",
        "2, 4097, 2",
        "5, 100, 41"
    })
    void shapesAroundTheStagingBlockAreTheOracleChannelByChannel(int outer, int channels, int inner) {
        for (QuantType type : QuantType.values()) {
            ChannelCase tensor = new ChannelCase(
                    new ChannelLayout(channels, inner), outer, channels, inner, type, new Random(outer + inner));
            for (Memory memory : Memory.values()) {
                tensor.check(memory, Memory.HEAP);
                tensor.check(Memory.HEAP, memory);
            }
            tensor.check(Memory.DIRECT_SWAPPED, Memory.DIRECT_SWAPPED);
        }
    }

    @Test
    void oneGridForAllChannelsIsPerTensor() {
        ChannelLayout layout = new ChannelLayout(3, 2);
        float[] reals = {-1, 0.05f, 0.15f, 20, Float.NaN, 0.25f};
        byte[] codes = new byte[6];
        ChannelQuantizer.uniform(layout, FINE).quantize(reals, 0, codes, 0, 6);
        assertArrayEquals(TensorQuantizer.of(FINE).quantize(reals).codes(), codes);
    }

    @Test
    void fitChoosesForEveryChannel() {
        ChannelLayout layout = new ChannelLayout(2, 1);
        ChannelQuantizer quantizer = ChannelQuantizer.fit(
                layout, List.of(RealRange.of(-1, 1), RealRange.of(0, 127)), QuantType.INT8, QuantScheme.SYMMETRIC);
        assertEquals(
                List.of(
                        QuantScheme.SYMMETRIC.choose(RealRange.of(-1, 1), QuantType.INT8),
                        QuantParams.of(QuantType.INT8, 1, 0)),
                quantizer.params());
        assertEquals(layout, quantizer.layout());
    }

    @Test
    void badParametersAreRefused() {
        ChannelLayout layout = new ChannelLayout(2, 3);
        assertRefused(
                "params must have one entry for each of 2 channels, had 1",
                () -> ChannelQuantizer.of(layout, List.of(FINE)));
        assertRefused(
                "params must share one type, had int8 and, at channel 1, int8_narrow",
                () -> ChannelQuantizer.of(layout, List.of(FINE, QuantParams.of(QuantType.INT8_NARROW, 1, 0))));
    }

    @Test
    void badLengthsAreRefusedBeforeAnythingIsWritten() {
        ChannelQuantizer quantizer = ChannelQuantizer.of(new ChannelLayout(2, 3), List.of(FINE, COARSE));
        float[] reals = new float[20];
        byte[] codes = new byte[20];
        Arrays.fill(reals, 5);
        Arrays.fill(codes, (byte) 5);
        for (int length : new int[] {1, 5, 7, 13}) {
            String message = "length must be a multiple of channels x inner = 2 x 3, was " + length;
            assertRefused(message, () -> quantizer.quantize(reals, 0, codes, 0, length));
            assertRefused(message, () -> quantizer.dequantize(codes, 0, reals, 0, length));
            assertRefused(message, () -> quantizer.fakeQuantize(reals, 0, reals, 0, length));
            assertRefused(message, () -> quantizer.requantize(codes, 0, quantizer, codes, 0, length));
            FloatBuffer realBuffer = FloatBuffer.wrap(reals).limit(length);
            ByteBuffer codeBuffer = ByteBuffer.wrap(codes).limit(length);
            assertRefused(message, () -> quantizer.quantize(realBuffer, codeBuffer));
            assertRefused(message, () -> quantizer.dequantize(codeBuffer, realBuffer));
            assertRefused(message, () -> quantizer.requantize(codeBuffer, quantizer, codeBuffer.duplicate()));
            assertEquals(0, realBuffer.position());
            assertEquals(0, codeBuffer.position());
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(5, reals[i]);
            assertEquals(5, codes[i]);
        }
    }

    /** A part may lie anywhere in a tensor, also past what an int can count. */
    @Test
    void partsFarIntoATensorHaveTheirChannels() {
        for (int inner : new int[] {1, 3}) {
            ChannelQuantizer quantizer = ChannelQuantizer.of(new ChannelLayout(2, inner), List.of(FINE, COARSE));
            float[] reals = new float[50];
            Arrays.fill(reals, 2);
            for (long position : new long[] {0, 1, 5, Integer.MAX_VALUE, 6_000_000_000L, Long.MAX_VALUE - 50}) {
                byte[] codes = new byte[50];
                float[] values = new float[50];
                quantizer.quantize(reals, 0, codes, 0, 50, position);
                quantizer.dequantize(codes, 0, values, 0, 50, position);
                for (int i = 0; i < 50; i++) {
                    QuantParams params = (position + i) / inner % 2 == 0 ? FINE : COARSE;
                    assertEquals(params.quantize(2), codes[i]);
                    assertEquals(params.dequantize(codes[i]), values[i]);
                }
            }
            assertRefused(
                    "position must not be negative, was -1",
                    () -> quantizer.quantize(reals, 0, new byte[50], 0, 50, -1));
            assertRefused(
                    "position must not be negative, was -7",
                    () -> quantizer.dequantize(new byte[50], 0, reals, 0, 50, -7));
        }
    }

    @Test
    void blocksThatDoNotFitAreRefused() {
        ChannelQuantizer quantizer = ChannelQuantizer.of(new ChannelLayout(2, 3), List.of(FINE, COARSE));
        float[] reals = new float[12];
        byte[] codes = new byte[12];
        assertThrows(IndexOutOfBoundsException.class, () -> quantizer.quantize(reals, 1, codes, 0, 12));
        assertThrows(IndexOutOfBoundsException.class, () -> quantizer.dequantize(codes, 0, reals, 1, 12));
        assertThrows(IndexOutOfBoundsException.class, () -> quantizer.fakeQuantize(reals, -1, reals, 0, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> quantizer.requantize(codes, 0, quantizer, codes, 0, -6));
        assertThrows(IllegalArgumentException.class, () -> quantizer.fakeQuantize(reals, 0, reals, 5, 6));
        assertThrows(IllegalArgumentException.class, () -> quantizer.requantize(codes, 5, quantizer, codes, 0, 6));
        assertRefused(
                "destination must have room for 12 elements, had 11 remaining",
                () -> quantizer.quantize(FloatBuffer.wrap(reals), ByteBuffer.allocate(11)));
        ChannelQuantizer other = ChannelQuantizer.uniform(new ChannelLayout(3, 2), FINE);
        assertRefused(
                "target must have the layout ChannelLayout[channels=2, inner=3],"
                        + " had ChannelLayout[channels=3, inner=2]",
                () -> quantizer.requantize(codes, 0, other, codes, 0, 12));
        assertRefused(
                "target must have the layout ChannelLayout[channels=2, inner=3],"
                        + " had ChannelLayout[channels=3, inner=2]",
                () -> quantizer.requantize(ByteBuffer.wrap(codes), other, ByteBuffer.allocate(12)));
    }

    @Test
    void itsTextIsItsLayoutAndParameters() {
        assertEquals(
                "ChannelLayout[channels=2, inner=3] of"
                        + " [int8(scale=0.1, zeroPoint=3), int8(scale=1.0, zeroPoint=0)]",
                ChannelQuantizer.of(new ChannelLayout(2, 3), List.of(FINE, COARSE))
                        .toString());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
