// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedBinary;

/** SiLU of a gate, the left one, times a value, rounded once, beside three nodes that round three times. */
public class SwigluBenchmark extends PairBenchmark {
    static final QuantParams GATE = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams VALUE = QuantParams.of(QuantType.INT8, 0.03f, -5);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.05f, 7);
    static final QuantParams SIGMOID =
            Activation.SIGMOID.fixedOutput(QuantType.INT8).orElseThrow();
    static final QuantParams SILU = QuantParams.of(QuantType.INT8, 0.025f, -116);

    @Override
    QuantizedBinary op() {
        return QuantizedBinary.gated(Activation.SILU, GATE, VALUE, OUTPUT);
    }

    /** All three nodes work on codes. */
    @Override
    OnnxGraph graph() {
        return new OnnxGraph()
                .codesIn("a", GATE, size)
                .codesIn("b", VALUE, size)
                .codesBetween("s", SIGMOID)
                .codesBetween("t", SILU)
                .codesOut("y", OUTPUT, size)
                .nodeOfCodes(OnnxGraph.MICROSOFT, "QLinearSigmoid", "s", "a")
                .nodeOfCodes(OnnxGraph.MICROSOFT, "QLinearMul", "t", "a", "s")
                .nodeOfCodes(OnnxGraph.MICROSOFT, "QLinearMul", "y", "t", "b");
    }
}
