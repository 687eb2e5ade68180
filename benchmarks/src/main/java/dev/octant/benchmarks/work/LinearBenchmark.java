// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.MatrixProduct;
import dev.octant.layers.QuantizedLinear;
import dev.octant.layers.QuantizedWeights;
import dev.octant.layers.SumsToCodes;
import dev.octant.onnx.product.OnnxRuntimeProduct;
import java.util.Map;

/**
 * Rows of {@value #INPUTS} codes to as many outputs, {@code size} codes in all, by Octant's own product; beside {@code
 * QLinearMatMul}.
 */
public class LinearBenchmark extends BesidePeers {
    static final int INPUTS = 1024;
    static final QuantParams INPUT = QuantParams.of(QuantType.UINT8, 0.02f, 128);
    static final QuantParams WEIGHT = QuantParams.of(QuantType.INT8, 0.004f, 0);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.UINT8, 0.5f, 120);

    byte[] src;
    byte[] weights;
    byte[] dst;
    OnnxRun engine;
    private QuantizedLinear layer;

    MatrixProduct product() {
        return MatrixProduct.java();
    }

    @Override
    public void prepare() {
        src = Data.codes(size);
        weights = Data.codes(INPUTS * INPUTS, 2);
        dst = new byte[size];
        QuantizedWeights rows = QuantizedWeights.of(weights, INPUTS, WEIGHT.scale());
        layer = QuantizedLinear.of(
                INPUT, rows, SumsToCodes.engine(INPUT, rows, OUTPUT, Profile.ONNX_RUNTIME), product());
    }

    @Override
    public byte[] call() {
        layer.apply(src, 0, size / INPUTS, dst, 0);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] columns = new byte[weights.length];
        for (int o = 0; o < INPUTS; o++) {
            for (int k = 0; k < INPUTS; k++) {
                columns[k * INPUTS + o] = weights[o * INPUTS + k];
            }
        }
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("x", INPUT, size / INPUTS, INPUTS)
                .codesHeld("w", WEIGHT, columns, INPUTS, INPUTS)
                .codesOut("y", OUTPUT, size / INPUTS, INPUTS)
                .node(
                        OnnxGraph.ONNX,
                        "QLinearMatMul",
                        "y",
                        "x",
                        "x.scale",
                        "x.zero",
                        "w",
                        "w.scale",
                        "w.zero",
                        "y.scale",
                        "y.zero"));
        engine.buffer("x").put(src);
        byte[] copied = new byte[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size), Peer.ENGINE, engine);
    }

    /** The same by ONNX Runtime's product of the module {@code onnx}. */
    public static class AdapterLinearBenchmark extends LinearBenchmark {
        @Override
        MatrixProduct product() {
            return new OnnxRuntimeProduct();
        }
    }
}
