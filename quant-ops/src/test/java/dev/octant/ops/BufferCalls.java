// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.ChannelLayout;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.scalar.HalfType;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/** What the operations do on buffers, once each: for the test of what that leaves behind. */
public final class BufferCalls implements Runnable {
    /** Longer than a staging block, so that a row has its own way. */
    private static final int LENGTH = 9_000;

    @Override
    public void run() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.1f, 3);
        QuantParams fixed = QuantizedSoftmax.fixedOutput(QuantType.INT8);
        ByteBuffer src = ByteBuffer.allocateDirect(LENGTH);
        ByteBuffer other = ByteBuffer.allocateDirect(LENGTH);
        ByteBuffer dst = ByteBuffer.allocateDirect(LENGTH);
        QuantizedActivation.compile(Activation.SIGMOID, params, fixed).table().apply(src.clear(), dst.clear());
        QuantizedBinary.add(params, params, params).apply(src.clear(), other.clear(), dst.clear());
        QuantizedBinary.gated(Activation.SIGMOID, params, params, params)
                .apply(src.clear(), other.clear(), dst.clear());
        QuantizedSoftmax softmax = QuantizedSoftmax.softmax(params, fixed);
        softmax.apply(src.clear(), dst.clear(), new ChannelLayout(100, 1));
        softmax.apply(src.clear(), dst.clear(), new ChannelLayout(3, 3000));
        softmax.apply(src.clear(), dst.clear(), new ChannelLayout(LENGTH, 1));
        HalfActivation.compile(Activation.SIGMOID, HalfType.FLOAT16)
                .apply(ShortBuffer.allocate(LENGTH), ShortBuffer.allocate(LENGTH));
    }
}
