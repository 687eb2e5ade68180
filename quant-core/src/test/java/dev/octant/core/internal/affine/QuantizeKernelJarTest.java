// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import dev.octant.core.internal.channel.ChannelArrays;
import dev.octant.core.internal.channel.ChannelQuantizeKernel;
import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.mask.InRangeKernel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vector kernels from floats to codes beside their scalar loops. */
class QuantizeKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(2);

    static List<KernelChoice<QuantizeKernel>> choices() {
        return List.of(Kernels.QUANTIZE, Kernels.QUANTIZE_BY_RECIPROCAL);
    }

    @ParameterizedTest
    @MethodSource("choices")
    void everyLengthAndOffset(KernelChoice<QuantizeKernel> choice) {
        float[] clean = KernelInputs.finite(LENGTHS + OFFSETS, 0.1f, random);
        float[] odd = KernelInputs.odd(LENGTHS + OFFSETS, 0.1f, random);
        byte[] untouched = KernelInputs.bytes(LENGTHS + OFFSETS, random);
        for (QuantizeKernel kernel : Twins.of(choice)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    for (float[] src : new float[][] {clean, odd}) {
                        byte[] expected = untouched.clone();
                        byte[] actual = untouched.clone();
                        choice.scalar().run(src, offset, expected, OFFSETS - offset, length, 0.1f, 3, -127, 127, -127);
                        kernel.run(src, offset, actual, OFFSETS - offset, length, 0.1f, 3, -127, 127, -127);
                        assertArrayEquals(expected, actual);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    void everyScaleAndZeroPoint(KernelChoice<QuantizeKernel> choice) {
        for (QuantizeKernel kernel : Twins.of(choice)) {
            for (float scale : KernelInputs.scales()) {
                float[] ties = KernelInputs.aroundTies(scale);
                float[] odd = KernelInputs.odd(2000, scale, random);
                for (int qmin : new int[] {-128, 0}) {
                    for (int zeroPoint : KernelInputs.zeroPoints(qmin)) {
                        check(choice, kernel, ties, scale, zeroPoint, qmin, zeroPoint);
                        check(choice, kernel, odd, scale, zeroPoint, qmin, zeroPoint);
                        check(choice, kernel, odd, scale, zeroPoint, qmin, qmin);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    void randomScales(KernelChoice<QuantizeKernel> choice) {
        for (QuantizeKernel kernel : Twins.of(choice)) {
            for (int trial = 0; trial < 2000; trial++) {
                float scale = Float.intBitsToFloat(0x1000_0000 + random.nextInt(0x6000_0000));
                check(choice, kernel, KernelInputs.aroundTies(scale), scale, random.nextInt(256), 0, 0);
            }
        }
    }

    private static void check(
            KernelChoice<QuantizeKernel> choice,
            QuantizeKernel kernel,
            float[] src,
            float scale,
            int zeroPoint,
            int qmin,
            int nan) {
        byte[] expected = new byte[src.length];
        byte[] actual = new byte[src.length];
        choice.scalar().run(src, 0, expected, 0, src.length, scale, zeroPoint, qmin, qmin + 255, nan);
        kernel.run(src, 0, actual, 0, src.length, scale, zeroPoint, qmin, qmin + 255, nan);
        assertArrayEquals(expected, actual, () -> "scale " + scale + ", zero point " + zeroPoint);
    }

    /** The smallest float in every place that is touched ahead: what the kernel takes for a NaN, and writes twice. */
    @Test
    void touchedValuesThatLookLikeNothingElse() {
        float[] src = new float[5000];
        Arrays.fill(src, Float.MIN_VALUE);
        for (KernelChoice<QuantizeKernel> choice : List.of(Kernels.QUANTIZE, Kernels.QUANTIZE_BY_RECIPROCAL)) {
            for (QuantizeKernel kernel : Twins.of(choice)) {
                check(choice, kernel, src, 0.1f, 3, -128, 3);
            }
        }
    }

    @Test
    void channelsLast() {
        int longest = 1200;
        ChannelArrays channels = new ChannelArrays(longest + OFFSETS, -128, 127);
        for (int c = 0; c < channels.length(); c++) {
            int zeroPoint = KernelInputs.zeroPoints(-128)[c % 7];
            float scale = KernelInputs.scales()[c % KernelInputs.scales().length];
            channels.set(c, scale, zeroPoint, c % 2 == 0 ? zeroPoint : -128);
        }
        for (ChannelQuantizeKernel kernel : Twins.of(Kernels.QUANTIZE_CHANNELS)) {
            for (int length = 0; length <= longest; length += length < LENGTHS ? 1 : 97) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    boolean clean = random.nextBoolean();
                    float[] src = clean
                            ? KernelInputs.finite(length + offset, 0.1f, random)
                            : KernelInputs.odd(length + offset, 0.1f, random);
                    byte[] expected = KernelInputs.bytes(length + OFFSETS, random);
                    byte[] actual = expected.clone();
                    int first = OFFSETS - offset;
                    Kernels.QUANTIZE_CHANNELS.scalar().run(src, offset, expected, first, length, channels, first);
                    kernel.run(src, offset, actual, first, length, channels, first);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    @Test
    void sums() {
        int[] src = new int[LENGTHS + OFFSETS];
        float[] multipliers = {0, Float.MIN_VALUE, 0x1p-24f, 0.000177f, 0.5f, 1, 2.5f, 1e30f, Float.MAX_VALUE};
        for (RequantizeKernel kernel : Twins.of(Kernels.REQUANTIZE)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    for (int i = 0; i < src.length; i++) {
                        src[i] = random.nextInt() >> random.nextInt(32);
                    }
                    src[offset] = Integer.MIN_VALUE;
                    float multiplier = multipliers[(length + offset) % multipliers.length];
                    int zeroPoint = KernelInputs.zeroPoints(0)[length % 7];
                    byte[] expected = KernelInputs.bytes(src.length, random);
                    byte[] actual = expected.clone();
                    int to = OFFSETS - offset;
                    Kernels.REQUANTIZE.scalar().run(src, offset, expected, to, length, multiplier, zeroPoint, 0, 255);
                    kernel.run(src, offset, actual, to, length, multiplier, zeroPoint, 0, 255);
                    assertArrayEquals(expected, actual, () -> "multiplier " + multiplier);
                }
            }
        }
    }

    static List<KernelChoice<InRangeKernel>> masks() {
        return List.of(Kernels.IN_RANGE, Kernels.IN_RANGE_BY_RECIPROCAL, Kernels.IN_RANGE_HALF_AWAY);
    }

    @ParameterizedTest
    @MethodSource("masks")
    void inRange(KernelChoice<InRangeKernel> choice) {
        for (InRangeKernel kernel : Twins.of(choice)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    float[] src = KernelInputs.odd(length + offset, 0.1f, random);
                    byte[] expected = KernelInputs.bytes(length + OFFSETS, random);
                    byte[] actual = expected.clone();
                    int to = OFFSETS - offset;
                    choice.scalar().run(src, offset, expected, to, length, 0.1f, 3, -127, 127);
                    kernel.run(src, offset, actual, to, length, 0.1f, 3, -127, 127);
                    assertArrayEquals(expected, actual);
                }
            }
            for (float scale : KernelInputs.scales()) {
                for (int zeroPoint : KernelInputs.zeroPoints(-128)) {
                    for (float[] src : List.of(KernelInputs.aroundTies(scale), KernelInputs.odd(2000, scale, random))) {
                        byte[] expected = new byte[src.length];
                        byte[] actual = new byte[src.length];
                        choice.scalar().run(src, 0, expected, 0, src.length, scale, zeroPoint, -128, 127);
                        kernel.run(src, 0, actual, 0, src.length, scale, zeroPoint, -128, 127);
                        assertArrayEquals(expected, actual, () -> "scale " + scale + ", zero point " + zeroPoint);
                    }
                }
            }
        }
    }

    /** All 2^32 floats, NaN included; the groups of a kernel hold infinities and NaN beside nothing else only here. */
    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("choices")
    void everyFloat(KernelChoice<QuantizeKernel> choice) {
        int block = 1 << 16;
        float[] src = new float[block];
        byte[] expected = new byte[block];
        byte[] actual = new byte[block];
        for (QuantizeKernel kernel : Twins.of(choice)) {
            for (float scale : new float[] {0.1f, 1 / 255f, 0.0234f, 0x1.000020p-7f, 0x1.fffefep-7f, 3e-20f, 1}) {
                for (long first = 0; first < 1L << 32; first += block) {
                    for (int i = 0; i < block; i++) {
                        src[i] = Float.intBitsToFloat((int) first + i);
                    }
                    choice.scalar().run(src, 0, expected, 0, block, scale, -3, -128, 127, -3);
                    kernel.run(src, 0, actual, 0, block, scale, -3, -128, 127, -3);
                    assertArrayEquals(expected, actual, "scale " + scale + ", from bits " + first);
                }
            }
        }
        assertEquals(-3, expected[block - 1]);
    }
}
