// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.ops.QuantizedBinary;
import java.util.Map;

/** One int8 tensor of two, beside ONNX Runtime on the same and a copy of one. */
public abstract class PairBenchmark extends BesidePeers {
    byte[] left;
    byte[] right;
    byte[] dst;
    OnnxRun engine;
    private QuantizedBinary op;

    abstract QuantizedBinary op();

    /** The engine's way from the codes {@code a} and {@code b} to the codes {@code y}. */
    abstract OnnxGraph graph();

    @Override
    public void prepare() {
        left = Data.codes(size, 1);
        right = Data.codes(size, 2);
        dst = new byte[size];
        op = op();
    }

    @Override
    public byte[] call() {
        op.apply(left, 0, right, 0, dst, 0, size);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(graph());
        engine.buffer("a").put(left);
        engine.buffer("b").put(right);
        return Map.of(Peer.COPY, () -> System.arraycopy(left, 0, copied, 0, size), Peer.ENGINE, engine);
    }
}
