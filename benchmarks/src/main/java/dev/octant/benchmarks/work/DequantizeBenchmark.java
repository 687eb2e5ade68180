// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.util.Map;

/** {@code size} int8 codes to floats, beside {@code DequantizeLinear}. */
public class DequantizeBenchmark extends BesidePeers {
    static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.025f, 3);

    byte[] src;
    float[] dst;
    OnnxRun engine;
    private TensorQuantizer quantizer;

    /** The grid of the codes. */
    QuantParams params() {
        return PARAMS;
    }

    @Override
    public void prepare() {
        src = Data.codes(size);
        dst = new float[size];
        quantizer = TensorQuantizer.of(params());
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
                .codesIn("x", params(), size)
                .floatsOut("y", size)
                .node(OnnxGraph.ONNX, "DequantizeLinear", "y", "x", "x.scale", "x.zero"));
        engine.buffer("x").put(src);
        return Map.of(Peer.COPY, () -> System.arraycopy(reals, 0, copied, 0, size), Peer.ENGINE, engine);
    }

    /** The same of uint8 codes. */
    public static class DequantizeUint8Benchmark extends DequantizeBenchmark {
        static final QuantParams UINT8 = QuantParams.of(QuantType.UINT8, 0.025f, 131);

        @Override
        QuantParams params() {
            return UINT8;
        }
    }
}
