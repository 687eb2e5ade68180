// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import java.util.Map;

/** The work on {@code size} codes, as many out, beside ONNX Runtime on the same and a copy of them. */
public abstract class CodesBenchmark extends BesidePeers {
    byte[] src;
    byte[] dst;
    OnnxRun engine;

    /** The engine's way from the codes {@code x} to the codes {@code y}. */
    abstract OnnxGraph graph();

    @Override
    public void prepare() {
        src = Data.codes(size);
        dst = new byte[size];
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(graph());
        engine.buffer("x").put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size), Peer.ENGINE, engine);
    }
}
