// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.QuantizedBinary;
import java.util.Map;

/** The product of two int8 tensors, beside {@code QLinearMul}. */
public class MultiplyBenchmark extends BesidePeers {
    static final QuantParams LEFT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams RIGHT = QuantParams.of(QuantType.INT8, 0.03f, -5);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.08f, 7);

    byte[] left;
    byte[] right;
    byte[] dst;
    OnnxRun engine;
    private QuantizedBinary multiply;

    /** Whose arithmetic. */
    Profile profile() {
        return Profile.ONNX_RUNTIME;
    }

    QuantParams leftParams() {
        return LEFT;
    }

    @Override
    public void prepare() {
        left = Data.codes(size, 1);
        right = Data.codes(size, 2);
        dst = new byte[size];
        multiply = QuantizedBinary.multiply(leftParams(), RIGHT, OUTPUT, profile());
    }

    @Override
    public byte[] call() {
        multiply.apply(left, 0, right, 0, dst, 0, size);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] copied = new byte[size];
        engine = OnnxRun.of(new OnnxGraph()
                .codesIn("a", leftParams(), size)
                .codesIn("b", RIGHT, size)
                .codesOut("y", OUTPUT, size)
                .node(
                        OnnxGraph.MICROSOFT,
                        "QLinearMul",
                        "y",
                        "a",
                        "a.scale",
                        "a.zero",
                        "b",
                        "b.scale",
                        "b.zero",
                        "y.scale",
                        "y.zero"));
        engine.buffer("a").put(left);
        engine.buffer("b").put(right);
        return Map.of(Peer.COPY, () -> System.arraycopy(left, 0, copied, 0, size), Peer.ENGINE, engine);
    }

    /** The same with TensorFlow Lite's arithmetic. */
    public static class TfliteMultiplyBenchmark extends MultiplyBenchmark {
        @Override
        Profile profile() {
            return Profile.TFLITE;
        }
    }
}
