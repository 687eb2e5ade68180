// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.MatrixProduct;
import dev.octant.layers.QuantizedLinear;
import dev.octant.layers.QuantizedWeights;
import dev.octant.layers.SumsToCodes;
import dev.octant.onnx.product.OnnxRuntimeProduct;

/**
 * Rows of {@value #INPUTS} codes to as many outputs, {@code size} codes in all, by Octant's own product; beside {@code
 * QLinearMatMul}.
 */
public class LinearBenchmark extends CodesBenchmark {
    static final int INPUTS = 1024;
    static final QuantParams INPUT = QuantParams.of(QuantType.UINT8, 0.02f, 128);
    static final QuantParams WEIGHT = QuantParams.of(QuantType.INT8, 0.004f, 0);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.UINT8, 0.5f, 120);

    byte[] weights;
    private QuantizedLinear layer;

    MatrixProduct product() {
        return MatrixProduct.java();
    }

    @Override
    public void prepare() {
        super.prepare();
        weights = Data.codes(INPUTS * INPUTS, 2);
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
    OnnxGraph graph() {
        byte[] columns = new byte[weights.length];
        for (int o = 0; o < INPUTS; o++) {
            for (int k = 0; k < INPUTS; k++) {
                columns[k * INPUTS + o] = weights[o * INPUTS + k];
            }
        }
        return new OnnxGraph()
                .codesIn("x", INPUT, size / INPUTS, INPUTS)
                .codesHeld("w", WEIGHT, columns, INPUTS, INPUTS)
                .codesOut("y", OUTPUT, size / INPUTS, INPUTS)
                .nodeOfCodes(OnnxGraph.ONNX, "QLinearMatMul", "y", "x", "w");
    }

    /** The same by ONNX Runtime's product of the module {@code onnx}. */
    public static class AdapterLinearBenchmark extends LinearBenchmark {
        @Override
        MatrixProduct product() {
            return new OnnxRuntimeProduct();
        }
    }
}
