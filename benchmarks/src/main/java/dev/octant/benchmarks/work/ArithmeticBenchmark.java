// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.QuantizedBinary;

/** The sum and the product of two int8 tensors, beside {@code QLinearAdd} and {@code QLinearMul}. */
public abstract class ArithmeticBenchmark extends PairBenchmark {
    static final QuantParams LEFT = QuantParams.of(QuantType.INT8, 0.05f, 3);
    static final QuantParams RIGHT = QuantParams.of(QuantType.INT8, 0.03f, -5);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.08f, 7);

    final Profile profile;
    final QuantParams leftParams;

    ArithmeticBenchmark(Profile profile, QuantParams leftParams) {
        this.profile = profile;
        this.leftParams = leftParams;
    }

    OnnxGraph graph(String op) {
        return new OnnxGraph()
                .codesIn("a", leftParams, size)
                .codesIn("b", RIGHT, size)
                .codesOut("y", OUTPUT, size)
                .nodeOfCodes(OnnxGraph.MICROSOFT, op, "y", "a", "b");
    }

    /** The sum. */
    public static class AddBenchmark extends ArithmeticBenchmark {
        public AddBenchmark() {
            this(Profile.ONNX_RUNTIME, LEFT);
        }

        AddBenchmark(Profile profile, QuantParams leftParams) {
            super(profile, leftParams);
        }

        @Override
        QuantizedBinary op() {
            return QuantizedBinary.add(leftParams, RIGHT, OUTPUT, profile);
        }

        @Override
        OnnxGraph graph() {
            return graph("QLinearAdd");
        }
    }

    /**
     * The sum with TensorFlow Lite's arithmetic. Its left scale is no round number: where all are, sums are lookups,
     * see {@code BinaryRules}.
     */
    public static class TfliteAddBenchmark extends AddBenchmark {
        public TfliteAddBenchmark() {
            super(Profile.TFLITE, QuantParams.of(QuantType.INT8, 0.0517f, 3));
        }
    }

    /** The sum with XNNPACK's arithmetic. */
    public static class XnnpackAddBenchmark extends AddBenchmark {
        public XnnpackAddBenchmark() {
            super(Profile.XNNPACK, LEFT);
        }
    }

    /** The sum with PyTorch's arithmetic. */
    public static class PytorchAddBenchmark extends AddBenchmark {
        public PytorchAddBenchmark() {
            super(Profile.PYTORCH, LEFT);
        }
    }

    /** The product. */
    public static class MultiplyBenchmark extends ArithmeticBenchmark {
        public MultiplyBenchmark() {
            this(Profile.ONNX_RUNTIME);
        }

        MultiplyBenchmark(Profile profile) {
            super(profile, LEFT);
        }

        @Override
        QuantizedBinary op() {
            return QuantizedBinary.multiply(leftParams, RIGHT, OUTPUT, profile);
        }

        @Override
        OnnxGraph graph() {
            return graph("QLinearMul");
        }
    }

    /** The product with TensorFlow Lite's arithmetic. */
    public static class TfliteMultiplyBenchmark extends MultiplyBenchmark {
        public TfliteMultiplyBenchmark() {
            super(Profile.TFLITE);
        }
    }
}
