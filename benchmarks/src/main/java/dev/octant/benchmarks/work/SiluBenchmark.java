// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import dev.octant.ops.LookupTable;
import dev.octant.ops.QuantizedActivation;
import java.util.Map;

/** SiLU as one table, beside dequantize, SiLU and quantize of ONNX Runtime, which has no SiLU of codes. */
public class SiluBenchmark extends BesidePeers {
    static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.025f, -116);

    byte[] src;
    byte[] dst;
    OnnxRun engine;
    private LookupTable table;

    @Override
    public void prepare() {
        src = Data.codes(size);
        dst = new byte[size];
        table = QuantizedActivation.compile(Activation.SILU, INPUT, OUTPUT).table();
    }

    @Override
    public byte[] call() {
        table.apply(src, 0, dst, 0, size);
        return dst;
    }

    /** ONNX has no SiLU either: the engine makes one node of the product with the sigmoid when it loads the model. */
    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("x", INPUT, size)
                .codesOut("y", OUTPUT, size)
                .node(OnnxGraph.ONNX, "DequantizeLinear", "real", "x", "x.scale", "x.zero")
                .node(OnnxGraph.ONNX, "Sigmoid", "sigmoid", "real")
                .node(OnnxGraph.ONNX, "Mul", "silu", "real", "sigmoid")
                .node(OnnxGraph.ONNX, "QuantizeLinear", "y", "silu", "y.scale", "y.zero"));
        engine.buffer("x").put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size), Peer.ENGINE, engine);
    }
}
