// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
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

    /** The grids of the values. */
    FakeQuantizer quantizer() {
        return FakeQuantizer.of(QuantizeBenchmark.PARAMS, profile());
    }

    private static FakeQuantizer channelsLast(int size) {
        int channels = ChannelBenchmark.CHANNELS;
        return FakeQuantizer.of(
                ChannelQuantizer.of(ChannelLayout.of(1, size / channels, channels), ChannelBenchmark.params()));
    }

    @Override
    public void prepare() {
        super.prepare();
        dst = new float[size];
        quantizer = quantizer();
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

    /** The same with a grid for every channel, which changes with every value. */
    public static class ChannelsLastFakeBenchmark extends FakeBenchmark {
        @Override
        FakeQuantizer quantizer() {
            return channelsLast(size);
        }
    }

    /** The mask and the derivative to the scale, value by value. */
    public static class LocalBenchmark extends FakeBenchmark {
        byte[] mask;

        @Override
        public void prepare() {
            super.prepare();
            mask = new byte[size];
        }

        @Override
        public float[] call() {
            quantizer.local(src, 0, mask, 0, dst, 0, size);
            return dst;
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

        double scaleGradient(int channel) {
            return gradient.scale(channel);
        }
    }

    /** The same with a step for every channel, which changes with every value. */
    public static class ChannelsLastStepBenchmark extends StepBackwardBenchmark {
        @Override
        FakeQuantizer quantizer() {
            return channelsLast(size);
        }
    }
}
