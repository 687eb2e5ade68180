// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bulk calls on integers of any width, and on grids of the data's own, allocate nothing. */
class IntegerAllocationTest {
    private static final int LENGTH = 12_000;

    private final float[] reals = new float[LENGTH];
    private final byte[] codes = new byte[LENGTH];
    private final FloatBuffer realBuffer = Memory.DIRECT.floats(LENGTH);
    private final ByteBuffer codeBuffer = Memory.DIRECT.bytes(LENGTH);

    @ParameterizedTest
    @EnumSource
    void integersOfEveryWidthAllocateNothing(IntegerType type) {
        short[] halves = new short[LENGTH];
        ShortBuffer halfBuffer = ShortBuffer.wrap(halves);
        float[] scales = new float[LENGTH];
        Arrays.fill(scales, 0.5f);
        int[] zeroPoints = new int[LENGTH];
        for (BlockLayout layout :
                new BlockLayout[] {new BlockLayout(1, LENGTH, 1, 32), new BlockLayout(6, 200, 10, 7)}) {
            int groups = layout.groups();
            IntegerQuantizer quantizer =
                    IntegerQuantizer.of(type, layout, Arrays.copyOf(scales, groups), Arrays.copyOf(zeroPoints, groups));
            if (type.isWide()) {
                Allocations.assertNone(() -> quantizer.quantize(reals, 0, halves, 0, LENGTH));
                Allocations.assertNone(() -> quantizer.dequantize(halves, 0, reals, 0, LENGTH));
                Allocations.assertNone(() -> quantizer.quantize(realBuffer.clear(), halfBuffer.clear()));
                Allocations.assertNone(() -> quantizer.dequantize(halfBuffer.clear(), realBuffer.clear(), LENGTH));
            } else {
                Allocations.assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH));
                Allocations.assertNone(() -> quantizer.dequantize(codes, 0, reals, 0, LENGTH));
                Allocations.assertNone(() -> quantizer.quantize(realBuffer.clear(), codeBuffer.clear()));
                Allocations.assertNone(() -> quantizer.dequantize(codeBuffer.clear(), realBuffer.clear(), LENGTH));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void dynamicCallsAllocateNothing(DynamicPolicy policy) {
        IntegerType type = policy.isSymmetric() ? IntegerType.INT4 : IntegerType.UINT8;
        DynamicQuantizer quantizer = DynamicQuantizer.of(policy, type);
        float[] scales = new float[LENGTH];
        int[] zeroPoints = new int[LENGTH];
        Allocations.assertNone(() -> quantizer.quantize(reals, 0, codes, 0, 1, LENGTH, scales, zeroPoints));
        Allocations.assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH / 100, 100, scales, zeroPoints));
    }
}
