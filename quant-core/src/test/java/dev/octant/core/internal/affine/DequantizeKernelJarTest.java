// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import dev.octant.core.internal.channel.ChannelArrays;
import dev.octant.core.internal.channel.ChannelDequantizeKernel;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector kernels from codes to floats beside their scalar loops. */
class DequantizeKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(3);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyLengthAndOffset(boolean signed) {
        byte[] src = KernelInputs.bytes(LENGTHS + OFFSETS, random);
        float[] untouched = KernelInputs.finite(LENGTHS + OFFSETS, 1, random);
        for (DequantizeKernel kernel : Twins.of(Kernels.DEQUANTIZE)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    float[] expected = untouched.clone();
                    float[] actual = untouched.clone();
                    int to = OFFSETS - offset;
                    Kernels.DEQUANTIZE.scalar().run(src, offset, expected, to, length, 0.1f, 3, signed);
                    kernel.run(src, offset, actual, to, length, 0.1f, 3, signed);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCodeScaleAndZeroPoint(boolean signed) {
        int qmin = signed ? -128 : 0;
        byte[] src = new byte[512];
        for (int i = 0; i < src.length; i++) {
            src[i] = (byte) i;
        }
        for (DequantizeKernel kernel : Twins.of(Kernels.DEQUANTIZE)) {
            for (float scale : KernelInputs.scales()) {
                for (int zeroPoint = qmin; zeroPoint < qmin + 256; zeroPoint++) {
                    float[] expected = new float[src.length];
                    float[] actual = new float[src.length];
                    Kernels.DEQUANTIZE.scalar().run(src, 0, expected, 0, src.length, scale, zeroPoint, signed);
                    kernel.run(src, 0, actual, 0, src.length, scale, zeroPoint, signed);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void channelsLast(boolean signed) {
        int qmin = signed ? -128 : 0;
        ChannelArrays channels = new ChannelArrays(LENGTHS + OFFSETS, qmin, qmin + 255);
        for (int c = 0; c < LENGTHS + OFFSETS; c++) {
            int zeroPoint = KernelInputs.zeroPoints(qmin)[c % 7];
            channels.set(c, KernelInputs.scales()[c % KernelInputs.scales().length], zeroPoint, zeroPoint);
        }
        for (ChannelDequantizeKernel kernel : Twins.of(Kernels.DEQUANTIZE_CHANNELS)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    byte[] src = KernelInputs.bytes(length + offset, random);
                    float[] expected = new float[length + OFFSETS];
                    float[] actual = new float[length + OFFSETS];
                    int to = OFFSETS - offset;
                    Kernels.DEQUANTIZE_CHANNELS.scalar().run(src, offset, expected, to, length, channels, to);
                    kernel.run(src, offset, actual, to, length, channels, to);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }
}
