// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.StepGradient;

/** Fake quantization of {@code size} floats: steps are a quotient. */
public class FakeBenchmark extends FloatsBenchmark {
    float[] dst;
    FakeQuantizer quantizer;

    /** Whose arithmetic. */
    Profile profile() {
        return Profile.ONNX;
    }

    @Override
    public void prepare() {
        super.prepare();
        dst = new float[size];
        quantizer = FakeQuantizer.of(QuantizeBenchmark.PARAMS, profile());
    }

    @Override
    public float[] call() {
        quantizer.forward(src, 0, dst, 0, size);
        return dst;
    }

    /** The same with steps that are a product. */
    public static class PytorchFakeBenchmark extends FakeBenchmark {
        @Override
        Profile profile() {
            return Profile.PYTORCH;
        }
    }

    /** Gradients of as many values carried back to the input. */
    public static class FakeBackwardBenchmark extends FakeBenchmark {
        float[] dy;

        @Override
        public void prepare() {
            super.prepare();
            dy = new float[size];
            for (int i = 0; i < size; i++) {
                dy[i] = src[size - 1 - i];
            }
        }

        @Override
        public float[] call() {
            quantizer.backward(src, 0, dy, 0, dst, 0, size);
            return dst;
        }
    }

    /** The same, and the sums for the gradients of scale and zero point. */
    public static class StepBackwardBenchmark extends FakeBackwardBenchmark {
        private StepGradient gradient;

        @Override
        public void prepare() {
            super.prepare();
            gradient = quantizer.gradient();
        }

        @Override
        public float[] call() {
            gradient.clear();
            quantizer.backward(src, 0, dy, 0, dst, 0, size, gradient);
            return dst;
        }

        double scaleGradient() {
            return gradient.scale(0);
        }
    }
}
