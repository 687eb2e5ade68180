// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.util.Map;

/** {@code size} floats to int8 codes, beside {@code QuantizeLinear}. */
public class QuantizeBenchmark extends BesidePeers {
    static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.025f, 3);

    float[] src;
    byte[] dst;
    OnnxRun engine;
    private TensorQuantizer quantizer;

    @Override
    public void prepare() {
        src = Data.reals(size);
        dst = new byte[size];
        quantizer = TensorQuantizer.of(PARAMS);
    }

    @Override
    public byte[] call() {
        quantizer.quantize(src, 0, dst, 0, size);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        engine = OnnxRun.of(new OnnxGraph()
                .floatsIn("x", size)
                .codesOut("y", PARAMS, size)
                .node(OnnxGraph.ONNX, "QuantizeLinear", "y", "x", "y.scale", "y.zero"));
        engine.buffer("x").asFloatBuffer().put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size), Peer.ENGINE, engine);
    }
}
