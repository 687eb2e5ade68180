// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import dev.octant.ops.LookupTable;
import dev.octant.ops.QuantizedActivation;

/** An activation as one table: {@code size} codes in, as many out. */
public abstract class TableBenchmark extends CodesBenchmark {
    private LookupTable table;

    abstract QuantizedActivation activation();

    @Override
    public void prepare() {
        super.prepare();
        table = activation().table();
    }

    @Override
    public byte[] call() {
        table.apply(src, 0, dst, 0, size);
        return dst;
    }

    /** Sigmoid, beside {@code QLinearSigmoid}. */
    public static class SigmoidBenchmark extends TableBenchmark {
        static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.05f, 3);
        static final QuantParams OUTPUT =
                Activation.SIGMOID.fixedOutput(QuantType.INT8).orElseThrow();

        @Override
        QuantizedActivation activation() {
            return QuantizedActivation.compile(Activation.SIGMOID, INPUT, OUTPUT, Profile.ONNX_RUNTIME);
        }

        @Override
        OnnxGraph graph() {
            return new OnnxGraph()
                    .codesIn("x", INPUT, size)
                    .codesOut("y", OUTPUT, size)
                    .nodeOfCodes(OnnxGraph.MICROSOFT, "QLinearSigmoid", "y", "x");
        }
    }

    /** SiLU, beside dequantize, SiLU and quantize of ONNX Runtime, which has no SiLU of codes. */
    public static class SiluBenchmark extends TableBenchmark {
        static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.05f, 3);
        static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.025f, -116);

        static QuantizedActivation silu() {
            return QuantizedActivation.compile(Activation.SILU, INPUT, OUTPUT);
        }

        @Override
        QuantizedActivation activation() {
            return silu();
        }

        /** ONNX has no SiLU either: the engine makes one node of the product with the sigmoid when it loads it. */
        @Override
        OnnxGraph graph() {
            return new OnnxGraph()
                    .codesIn("x", INPUT, size)
                    .codesOut("y", OUTPUT, size)
                    .node(OnnxGraph.ONNX, "DequantizeLinear", "real", "x", "x.scale", "x.zero")
                    .node(OnnxGraph.ONNX, "Sigmoid", "sigmoid", "real")
                    .node(OnnxGraph.ONNX, "Mul", "silu", "real", "sigmoid")
                    .node(OnnxGraph.ONNX, "QuantizeLinear", "y", "silu", "y.scale", "y.zero");
        }
    }
}
