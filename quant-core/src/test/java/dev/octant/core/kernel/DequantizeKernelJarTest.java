package dev.octant.core.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vector kernels from codes to floats beside their scalar loops. */
class DequantizeKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(3);

    static List<KernelChoice<ChannelDequantizeKernel>> channelChoices() {
        return List.of(Kernels.DEQUANTIZE_CHANNELS, Kernels.DEQUANTIZE_UNSIGNED_CHANNELS);
    }

    @Test
    void everyLengthAndOffset() {
        byte[] src = KernelInputs.bytes(LENGTHS + OFFSETS, random);
        float[] untouched = KernelInputs.finite(LENGTHS + OFFSETS, 1, random);
        for (DequantizeKernel kernel : Twins.of(Kernels.DEQUANTIZE_UNSIGNED)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    float[] expected = untouched.clone();
                    float[] actual = untouched.clone();
                    int to = OFFSETS - offset;
                    Kernels.DEQUANTIZE_UNSIGNED.scalar().run(src, offset, expected, to, length, 0.1f, 3);
                    kernel.run(src, offset, actual, to, length, 0.1f, 3);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    @Test
    void everyCodeScaleAndZeroPoint() {
        byte[] src = new byte[512];
        for (int i = 0; i < src.length; i++) {
            src[i] = (byte) i;
        }
        for (DequantizeKernel kernel : Twins.of(Kernels.DEQUANTIZE_UNSIGNED)) {
            for (float scale : KernelInputs.SCALES) {
                for (int zeroPoint = 0; zeroPoint < 256; zeroPoint++) {
                    float[] expected = new float[src.length];
                    float[] actual = new float[src.length];
                    Kernels.DEQUANTIZE_UNSIGNED.scalar().run(src, 0, expected, 0, src.length, scale, zeroPoint);
                    kernel.run(src, 0, actual, 0, src.length, scale, zeroPoint);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("channelChoices")
    void channelsLast(KernelChoice<ChannelDequantizeKernel> choice) {
        int qmin = choice == Kernels.DEQUANTIZE_CHANNELS ? -128 : 0;
        ChannelArrays channels = new ChannelArrays(LENGTHS + OFFSETS, qmin, qmin + 255);
        for (int c = 0; c < LENGTHS + OFFSETS; c++) {
            int zeroPoint = KernelInputs.zeroPoints(qmin)[c % 7];
            channels.set(c, KernelInputs.SCALES[c % KernelInputs.SCALES.length], zeroPoint, zeroPoint);
        }
        for (ChannelDequantizeKernel kernel : Twins.of(choice)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    byte[] src = KernelInputs.bytes(length + offset, random);
                    float[] expected = new float[length + OFFSETS];
                    float[] actual = new float[length + OFFSETS];
                    int to = OFFSETS - offset;
                    choice.scalar().run(src, offset, expected, to, length, channels, to);
                    kernel.run(src, offset, actual, to, length, channels, to);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }
}
