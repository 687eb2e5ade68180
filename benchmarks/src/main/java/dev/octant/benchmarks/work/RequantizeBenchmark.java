// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;

/** Codes to another grid, beside {@code DequantizeLinear} and {@code QuantizeLinear}. */
public class RequantizeBenchmark extends CodesBenchmark {
    static final QuantParams FROM = QuantParams.of(QuantType.INT8, 0.025f, 3);
    static final QuantParams TO = QuantParams.of(QuantType.INT8, 0.03f, -7);

    private TensorQuantizer quantizer;

    @Override
    public void prepare() {
        super.prepare();
        quantizer = TensorQuantizer.of(FROM);
    }

    @Override
    public byte[] call() {
        quantizer.requantize(src, 0, TO, dst, 0, size);
        return dst;
    }

    @Override
    OnnxGraph graph() {
        return new OnnxGraph()
                .codesIn("x", FROM, size)
                .codesOut("y", TO, size)
                .node(OnnxGraph.ONNX, "DequantizeLinear", "real", "x", "x.scale", "x.zero")
                .node(OnnxGraph.ONNX, "QuantizeLinear", "y", "real", "y.scale", "y.zero");
    }
}
