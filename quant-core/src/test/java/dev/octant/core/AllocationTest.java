// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.scalar.HalfType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bulk calls allocate nothing: neither per call nor per element. */
class AllocationTest {
    private static final int LENGTH = 12_000;

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
        assertTrue(Allocations.fewestBytes(() -> codes[0] = codes.clone()[1]) >= (long) Allocations.CALLS * LENGTH);
    }

    @ParameterizedTest
    @EnumSource
    void perTensorCallsAllocateNothing(Profile profile) {
        TensorQuantizer quantizer = TensorQuantizer.of(params, profile);
        Allocations.assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH));
        Allocations.assertNone(() -> quantizer.dequantize(codes, 0, reals, 0, LENGTH));
        Allocations.assertNone(() -> quantizer.fakeQuantize(reals, 0, reals, 0, LENGTH));
        Allocations.assertNone(() -> quantizer.fakeQuantizeMask(reals, 0, codes, 0, LENGTH));
        Allocations.assertNone(() -> quantizer.requantize(codes, 0, target, codes, 0, LENGTH));
        Allocations.assertNone(() -> quantizer.requantize(codes, 0, target, codes, 0, 100));
        Allocations.assertNone(() -> quantizer.quantize(realBuffer.clear(), codeBuffer.clear()));
        Allocations.assertNone(() -> quantizer.dequantize(codeBuffer.clear(), realBuffer.clear()));
        Allocations.assertNone(() -> quantizer.requantize(codeBuffer.clear(), target, otherCodes.clear()));
        Allocations.assertNone(() -> quantizer.fakeQuantize(realBuffer.clear(), otherReals.clear()));
        Allocations.assertNone(() -> quantizer.fakeQuantize(realBuffer.clear(), realBuffer));
        Allocations.assertNone(() -> quantizer.requantize(codeBuffer.clear(), target, codeBuffer));
        Allocations.assertNone(() -> quantizer.requantize(readOnly.clear(), target, otherCodes.clear()));
    }

    @Test
    void perChannelCallsAllocateNothing() {
        for (ChannelLayout layout : new ChannelLayout[] {new ChannelLayout(6, 1), new ChannelLayout(3, 1000)}) {
            ChannelQuantizer quantizer = ChannelQuantizer.uniform(layout, params);
            ChannelQuantizer other = ChannelQuantizer.uniform(layout, target);
            Allocations.assertNone(() -> quantizer.quantize(reals, 0, codes, 0, LENGTH));
            Allocations.assertNone(() -> quantizer.dequantize(codes, 0, reals, 0, LENGTH));
            Allocations.assertNone(() -> quantizer.fakeQuantize(reals, 0, reals, 0, LENGTH));
            Allocations.assertNone(() -> quantizer.requantize(codes, 0, other, codes, 0, LENGTH));
            Allocations.assertNone(() -> quantizer.quantize(realBuffer.clear(), codeBuffer.clear()));
            Allocations.assertNone(() -> quantizer.dequantize(codeBuffer.clear(), realBuffer.clear()));
            Allocations.assertNone(() -> quantizer.requantize(codeBuffer.clear(), other, otherCodes.clear()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void conversionsOf16BitsAllocateNothing(HalfType type) {
        short[] halves = new short[LENGTH];
        Allocations.assertNone(() -> type.fromFloat(reals, 0, halves, 0, LENGTH));
        Allocations.assertNone(() -> type.toFloat(halves, 0, reals, 0, LENGTH));
    }
}
