// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/** What the quantizers do on buffers and in blocks, once each: for the tests of what that leaves behind. */
public final class BufferCalls implements Runnable {
    private static final int LENGTH = 12;

    @Override
    public void run() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.1f, 3);
        QuantParams target = QuantParams.of(QuantType.UINT8, 0.2f, 100);
        FloatBuffer reals = Memory.DIRECT.floats(LENGTH);
        ByteBuffer codes = Memory.DIRECT.bytes(LENGTH);
        float[] array = new float[LENGTH];
        for (Profile profile : Profile.values()) {
            TensorQuantizer quantizer = TensorQuantizer.of(params, profile);
            quantizer.quantize(reals.clear(), codes.clear());
            quantizer.dequantize(codes.clear(), reals.clear());
            quantizer.fakeQuantize(reals.clear(), Memory.HEAP.floats(LENGTH));
            quantizer.fakeQuantize(array, 0, array, 0, LENGTH);
            quantizer.requantize(codes.clear(), target, Memory.HEAP.bytes(LENGTH));
            for (ChannelLayout layout : List.of(new ChannelLayout(3, 1), new ChannelLayout(3, 2))) {
                ChannelQuantizer channels = ChannelQuantizer.of(layout, List.of(params, params, params), profile);
                channels.quantize(reals.clear(), codes.clear());
                channels.dequantize(codes.clear(), reals.clear());
                channels.fakeQuantize(array, 0, array, 0, LENGTH);
                channels.requantize(codes.clear(), channels, Memory.HEAP.bytes(LENGTH));
            }
        }
    }
}
