// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.ops.QuantizedSoftmax;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** {@link SoftmaxBenchmark} over direct buffers, beside the same over heap arrays. */
public class SoftmaxBuffersBenchmark extends BesidePeers {
    ByteBuffer src;
    ByteBuffer dst;
    private final SoftmaxBenchmark heap = new SoftmaxBenchmark();
    private QuantizedSoftmax softmax;
    private ChannelLayout axis;

    @Override
    public void prepare() {
        heap.size = size;
        heap.prepare();
        src = ByteBuffer.allocateDirect(size).put(heap.src);
        dst = ByteBuffer.allocateDirect(size);
        softmax = QuantizedSoftmax.softmax(SoftmaxBenchmark.INPUT, SoftmaxBenchmark.OUTPUT, Profile.ONNX);
        axis = ChannelLayout.of(1, size / SoftmaxBenchmark.ROW, SoftmaxBenchmark.ROW);
    }

    @Override
    public ByteBuffer call() {
        softmax.apply(src.clear(), dst.clear(), axis);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        Map<Peer, Runnable> peers = new HashMap<>(heap.peers());
        ByteBuffer copied = ByteBuffer.allocateDirect(size);
        peers.put(Peer.COPY, () -> copied.put(0, src, 0, size));
        peers.put(Peer.HEAP, heap::call);
        return peers;
    }

    byte[] onHeap() {
        return heap.call();
    }
}
