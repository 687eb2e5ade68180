// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.util.Map;

/** Codes to another grid, beside {@code DequantizeLinear} and {@code QuantizeLinear}. */
public class RequantizeBenchmark extends BesidePeers {
    static final QuantParams FROM = QuantParams.of(QuantType.INT8, 0.025f, 3);
    static final QuantParams TO = QuantParams.of(QuantType.INT8, 0.03f, -7);

    byte[] src;
    byte[] dst;
    OnnxRun engine;
    private TensorQuantizer quantizer;

    @Override
    public void prepare() {
        src = Data.codes(size);
        dst = new byte[size];
        quantizer = TensorQuantizer.of(FROM);
    }

    @Override
    public byte[] call() {
        quantizer.requantize(src, 0, TO, dst, 0, size);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("x", FROM, size)
                .codesOut("y", TO, size)
                .node(OnnxGraph.ONNX, "DequantizeLinear", "real", "x", "x.scale", "x.zero")
                .node(OnnxGraph.ONNX, "QuantizeLinear", "y", "real", "y.scale", "y.zero"));
        engine.buffer("x").put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size), Peer.ENGINE, engine);
    }
}
