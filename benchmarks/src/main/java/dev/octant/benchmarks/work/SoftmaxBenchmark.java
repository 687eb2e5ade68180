// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.QuantizedSoftmax;

/** Softmax of rows of {@value #ROW} codes, beside {@code QLinearSoftmax}. */
public class SoftmaxBenchmark extends CodesBenchmark {
    static final int ROW = 1024;
    static final QuantParams INPUT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0x1p-8f, -128);

    private QuantizedSoftmax softmax;
    private ChannelLayout axis;

    /** Whose arithmetic. */
    Profile profile() {
        return Profile.ONNX;
    }

    @Override
    public void prepare() {
        super.prepare();
        softmax = QuantizedSoftmax.softmax(INPUT, OUTPUT, profile());
        axis = ChannelLayout.of(1, size / ROW, ROW);
    }

    @Override
    public byte[] call() {
        softmax.apply(src, 0, dst, 0, size, axis);
        return dst;
    }

    @Override
    OnnxGraph graph() {
        return new OnnxGraph()
                .codesIn("x", INPUT, size / ROW, ROW)
                .codesOut("y", OUTPUT, size / ROW, ROW)
                .nodeOfCodes(OnnxGraph.MICROSOFT, "QLinearSoftmax", "y", "x")
                .with("axis", 1)
                .with("opset", 13);
    }

    /** The same with ONNX Runtime's own arithmetic. */
    public static class EngineSoftmaxBenchmark extends SoftmaxBenchmark {
        @Override
        Profile profile() {
            return Profile.ONNX_RUNTIME;
        }
    }
}
