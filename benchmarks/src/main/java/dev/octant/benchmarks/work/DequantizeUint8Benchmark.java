// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.util.Map;

/** {@code size} uint8 codes to floats, beside {@code DequantizeLinear}. */
public class DequantizeUint8Benchmark extends BesidePeers {
    static final QuantParams PARAMS = QuantParams.of(QuantType.UINT8, 0.025f, 131);

    byte[] src;
    float[] dst;
    OnnxRun engine;
    private TensorQuantizer quantizer;

    @Override
    public void prepare() {
        src = Data.codes(size);
        dst = new float[size];
        quantizer = TensorQuantizer.of(PARAMS);
    }

    @Override
    public float[] call() {
        quantizer.dequantize(src, 0, dst, 0, size);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] reals = Data.reals(size);
        float[] copied = new float[size];
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("x", PARAMS, size)
                .floatsOut("y", size)
                .node(OnnxGraph.ONNX, "DequantizeLinear", "y", "x", "x.scale", "x.zero"));
        engine.buffer("x").put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(reals, 0, copied, 0, size), Peer.ENGINE, engine);
    }
}
