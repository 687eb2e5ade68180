// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.octant.core.scalar.HalfType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bulk calls allocate nothing: neither per call nor per element. */
class AllocationTest {
    private static final int LENGTH = 12_000;
    private static final int CALLS = 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final QuantParams params = QuantParams.of(QuantType.INT8, 0.1f, 3);
    private final QuantParams target = QuantParams.of(QuantType.UINT8, 0.2f, 100);
    private final float[] reals = new float[LENGTH];
    private final byte[] codes = new byte[LENGTH];
    private final FloatBuffer realBuffer = Memory.DIRECT.floats(LENGTH);
    private final ByteBuffer codeBuffer = Memory.DIRECT.bytes(LENGTH);
    private final ByteBuffer otherCodes = Memory.HEAP.bytes(LENGTH);
    private final FloatBuffer otherReals = Memory.DIRECT.floats(LENGTH);
    private final ByteBuffer readOnly = Memory.HEAP.bytes(LENGTH).asReadOnlyBuffer();

    @Test
    void theMeterCounts() {
        assertTrue(fewestBytes(() -> codes[0] = codes.clone()[1]) >= (long) CALLS * LENGTH);
    }

    @ParameterizedTest
    @EnumSource
    void perTensorCallsAllocateNothing(Profile profile) {
        TensorQuantizer quantizer = TensorQuantizer.of(params, profile);
        assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH));
        assertNone(() -> quantizer.dequantize(codes, 0, reals, 0, LENGTH));
        assertNone(() -> quantizer.fakeQuantize(reals, 0, reals, 0, LENGTH));
        assertNone(() -> quantizer.fakeQuantizeMask(reals, 0, codes, 0, LENGTH));
        assertNone(() -> quantizer.requantize(codes, 0, target, codes, 0, LENGTH));
        assertNone(() -> quantizer.requantize(codes, 0, target, codes, 0, 100));
        assertNone(() -> quantizer.quantize(realBuffer.clear(), codeBuffer.clear()));
        assertNone(() -> quantizer.dequantize(codeBuffer.clear(), realBuffer.clear()));
        assertNone(() -> quantizer.requantize(codeBuffer.clear(), target, otherCodes.clear()));
        assertNone(() -> quantizer.fakeQuantize(realBuffer.clear(), otherReals.clear()));
        assertNone(() -> quantizer.fakeQuantize(realBuffer.clear(), realBuffer));
        assertNone(() -> quantizer.requantize(codeBuffer.clear(), target, codeBuffer));
        assertNone(() -> quantizer.requantize(readOnly.clear(), target, otherCodes.clear()));
    }

    @Test
    void perChannelCallsAllocateNothing() {
        for (ChannelLayout layout : new ChannelLayout[] {new ChannelLayout(6, 1), new ChannelLayout(3, 1000)}) {
            ChannelQuantizer quantizer = ChannelQuantizer.uniform(layout, params);
            ChannelQuantizer other = ChannelQuantizer.uniform(layout, target);
            assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH));
            assertNone(() -> quantizer.dequantize(codes, 0, reals, 0, LENGTH));
            assertNone(() -> quantizer.fakeQuantize(reals, 0, reals, 0, LENGTH));
            assertNone(() -> quantizer.requantize(codes, 0, other, codes, 0, LENGTH));
            assertNone(() -> quantizer.quantize(realBuffer.clear(), codeBuffer.clear()));
            assertNone(() -> quantizer.dequantize(codeBuffer.clear(), realBuffer.clear()));
            assertNone(() -> quantizer.requantize(codeBuffer.clear(), other, otherCodes.clear()));
        }
    }

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
                assertNone(() -> quantizer.quantize(reals, 0, halves, 0, LENGTH));
                assertNone(() -> quantizer.dequantize(halves, 0, reals, 0, LENGTH));
                assertNone(() -> quantizer.quantize(realBuffer.clear(), halfBuffer.clear()));
                assertNone(() -> quantizer.dequantize(halfBuffer.clear(), realBuffer.clear(), LENGTH));
            } else {
                assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH));
                assertNone(() -> quantizer.dequantize(codes, 0, reals, 0, LENGTH));
                assertNone(() -> quantizer.quantize(realBuffer.clear(), codeBuffer.clear()));
                assertNone(() -> quantizer.dequantize(codeBuffer.clear(), realBuffer.clear(), LENGTH));
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
        assertNone(() -> quantizer.quantize(reals, 0, codes, 0, 1, LENGTH, scales, zeroPoints));
        assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH / 100, 100, scales, zeroPoints));
    }

    @ParameterizedTest
    @EnumSource
    void conversionsOf16BitsAllocateNothing(HalfType type) {
        short[] halves = new short[LENGTH];
        assertNone(() -> type.fromFloat(reals, 0, halves, 0, LENGTH));
        assertNone(() -> type.toFloat(halves, 0, reals, 0, LENGTH));
    }

    private static void assertNone(Runnable call) {
        assertEquals(0, fewestBytes(call));
    }

    /**
     * The bytes this thread allocates in some calls: the fewest of some rounds, since the JVM's own work may add
     * some, and vectors are objects until their loop is compiled.
     */
    private static long fewestBytes(Runnable call) {
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 500 && fewest > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
