// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.QuantizedSoftmax;
import java.util.Map;

/** Softmax of rows of {@value #ROW} codes, beside {@code QLinearSoftmax}. */
public class SoftmaxBenchmark extends BesidePeers {
    static final int ROW = 1024;
    static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0x1p-8f, -128);

    byte[] src;
    byte[] dst;
    OnnxRun engine;
    private QuantizedSoftmax softmax;
    private ChannelLayout axis;

    /** Whose arithmetic. */
    Profile profile() {
        return Profile.ONNX;
    }

    @Override
    public void prepare() {
        src = Data.codes(size);
        dst = new byte[size];
        softmax = QuantizedSoftmax.softmax(INPUT, OUTPUT, profile());
        axis = ChannelLayout.of(1, size / ROW, ROW);
    }

    @Override
    public byte[] call() {
        softmax.apply(src, 0, dst, 0, size, axis);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("x", INPUT, size / ROW, ROW)
                .codesOut("y", OUTPUT, size / ROW, ROW)
                .node(OnnxGraph.MICROSOFT, "QLinearSoftmax", "y", "x", "x.scale", "x.zero", "y.scale", "y.zero")
                .with("axis", 1)
                .with("opset", 13));
        engine.buffer("x").put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size), Peer.ENGINE, engine);
    }

    /** The same with ONNX Runtime's own arithmetic. */
    public static class EngineSoftmaxBenchmark extends SoftmaxBenchmark {
        @Override
        Profile profile() {
            return Profile.ONNX_RUNTIME;
        }
    }
}
