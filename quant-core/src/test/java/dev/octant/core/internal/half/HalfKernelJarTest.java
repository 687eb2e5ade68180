// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import dev.octant.core.internal.choice.KernelChoice;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conversions between floats and 16 bits beside their scalar loops, by bits. */
class HalfKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(4);

    static List<KernelChoice<WidenKernel>> widen() {
        return List.of(Kernels.FLOAT16_WIDEN, Kernels.BFLOAT16_WIDEN);
    }

    static List<KernelChoice<NarrowKernel>> narrow() {
        return List.of(Kernels.FLOAT16_NARROW, Kernels.BFLOAT16_NARROW);
    }

    @ParameterizedTest
    @MethodSource("widen")
    void everyLengthAndOffset(KernelChoice<WidenKernel> choice) {
        for (WidenKernel kernel : Twins.of(choice)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    short[] src = new short[length + offset];
                    for (int i = 0; i < src.length; i++) {
                        src[i] = (short) (random.nextInt() & 0xBFFF);
                    }
                    same(choice, kernel, src, offset, length);
                }
            }
        }
    }

    /** NaN among them, quiet and not, alone in its group and not. */
    @ParameterizedTest
    @MethodSource("widen")
    void everyCode(KernelChoice<WidenKernel> choice) {
        short[] src = new short[1 << 16];
        for (WidenKernel kernel : Twins.of(choice)) {
            for (int stride : new int[] {1, 4097, 24593}) {
                for (int i = 0; i < src.length; i++) {
                    src[i] = (short) (i * stride);
                }
                same(choice, kernel, src, 0, src.length);
            }
        }
    }

    private static void same(
            KernelChoice<WidenKernel> choice, WidenKernel kernel, short[] src, int offset, int length) {
        float[] expected = new float[length + OFFSETS];
        float[] actual = new float[length + OFFSETS];
        int to = OFFSETS - Math.min(offset, OFFSETS);
        choice.scalar().run(src, offset, expected, to, length);
        kernel.run(src, offset, actual, to, length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(actual[i]));
        }
    }

    @ParameterizedTest
    @MethodSource("narrow")
    void everyLengthAndOffsetBack(KernelChoice<NarrowKernel> choice) {
        for (NarrowKernel kernel : Twins.of(choice)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    float[] src = (length & 1) == 0
                            ? KernelInputs.finite(length + offset, 10, random)
                            : KernelInputs.odd(length + offset, 10, random);
                    short[] expected = new short[length + OFFSETS];
                    short[] actual = new short[length + OFFSETS];
                    int to = OFFSETS - offset;
                    choice.scalar().run(src, offset, expected, to, length);
                    kernel.run(src, offset, actual, to, length);
                    assertArrayEquals(expected, actual);
                }
            }
        }
    }

    /** Every value of 16 upper bits with the lower bits around a tie of either type. */
    @ParameterizedTest
    @MethodSource("narrow")
    void aroundTies(KernelChoice<NarrowKernel> choice) {
        int[] lower = {0, 1, 0x0FFF, 0x1000, 0x1001, 0x2FFF, 0x3000, 0x3001, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
        float[] src = new float[1 << 16];
        short[] expected = new short[src.length];
        short[] actual = new short[src.length];
        for (NarrowKernel kernel : Twins.of(choice)) {
            for (int low : lower) {
                for (int i = 0; i < src.length; i++) {
                    src[i] = Float.intBitsToFloat((i << 16) | low);
                }
                choice.scalar().run(src, 0, expected, 0, src.length);
                kernel.run(src, 0, actual, 0, src.length);
                assertArrayEquals(expected, actual);
            }
        }
    }

    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("narrow")
    void everyFloat(KernelChoice<NarrowKernel> choice) {
        int block = 1 << 16;
        float[] src = new float[block];
        short[] expected = new short[block];
        short[] actual = new short[block];
        for (NarrowKernel kernel : Twins.of(choice)) {
            for (long first = 0; first < 1L << 32; first += block) {
                for (int i = 0; i < block; i++) {
                    src[i] = Float.intBitsToFloat((int) first + i);
                }
                choice.scalar().run(src, 0, expected, 0, block);
                kernel.run(src, 0, actual, 0, block);
                assertArrayEquals(expected, actual, "from bits " + first);
            }
        }
    }
}
