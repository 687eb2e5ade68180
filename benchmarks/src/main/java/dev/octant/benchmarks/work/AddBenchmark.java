// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.QuantizedBinary;
import java.util.Map;

/** The sum of two int8 tensors, beside {@code QLinearAdd}. */
public class AddBenchmark extends BesidePeers {
    static final QuantParams LEFT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams RIGHT = QuantParams.of(QuantType.INT8, 0.03f, -5);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.08f, 7);

    byte[] left;
    byte[] right;
    byte[] dst;
    OnnxRun engine;
    private QuantizedBinary add;

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
        add = QuantizedBinary.add(leftParams(), RIGHT, OUTPUT, profile());
    }

    @Override
    public byte[] call() {
        add.apply(left, 0, right, 0, dst, 0, size);
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
                        "QLinearAdd",
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

    /**
     * The same with TensorFlow Lite's arithmetic. Its left scale is no round number: where all are, sums are lookups,
     * see {@code BinaryRules}.
     */
    public static class TfliteAddBenchmark extends AddBenchmark {
        static final QuantParams LEFT = QuantParams.of(QuantType.INT8, 0.0517f, 3);

        @Override
        Profile profile() {
            return Profile.TFLITE;
        }

        @Override
        QuantParams leftParams() {
            return LEFT;
        }
    }

    /** The same with XNNPACK's arithmetic. */
    public static class XnnpackAddBenchmark extends AddBenchmark {
        @Override
        Profile profile() {
            return Profile.XNNPACK;
        }
    }

    /** The same with PyTorch's arithmetic. */
    public static class PytorchAddBenchmark extends AddBenchmark {
        @Override
        Profile profile() {
            return Profile.PYTORCH;
        }
    }
}
