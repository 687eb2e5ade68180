// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.octant.core.ChannelLayout;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.train.ActivationGradient;
import dev.octant.layers.train.AmaxGrid;
import dev.octant.layers.train.AmaxQuantizer;
import dev.octant.layers.train.ClipGradient;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.LearnedClip;
import dev.octant.layers.train.QuantizerStage;
import dev.octant.layers.train.StepGradient;
import dev.octant.layers.train.StraightThrough;
import dev.octant.ops.Activation;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Forward, backward and frozen layers allocate nothing: neither per call nor per element. */
class AllocationTest {
    private static final int LENGTH = 12_000;
    private static final int CALLS = 5;
    private static final long DEADLINE = 60_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final float[] x = new float[LENGTH];
    private final float[] y = new float[LENGTH];

    @Test
    void theMeterCounts() {
        assertTrue(fewestBytes(() -> y[0] = x.clone()[1], 0) >= (long) CALLS * LENGTH);
    }

    @Test
    void quantizersThatTrain() {
        CodeRange codes = new CodeRange(-8, 7);
        FakeQuantizer one = FakeQuantizer.of(codes, 0.1f, 0, Profile.ONNX);
        FakeQuantizer many =
                FakeQuantizer.of(new ChannelLayout(2, 1000), codes, new float[] {1, 2}, new int[2], Profile.PYTORCH);
        FakeQuantizer last =
                FakeQuantizer.of(new ChannelLayout(3, 1), codes, new float[] {1, 2, 3}, new int[3], Profile.ONNX);
        byte[] mask = new byte[LENGTH];
        double[] read = new double[1];
        for (FakeQuantizer quantizer : new FakeQuantizer[] {one, many, last}) {
            StepGradient gradient = quantizer.gradient();
            assertNone(() -> quantizer.forward(x, 0, y, 0, LENGTH));
            assertNone(() -> quantizer.backward(x, 0, y, 0, y, 0, LENGTH));
            assertNone(() -> quantizer.backward(x, 0, y, 0, y, 0, LENGTH, gradient));
            assertNone(() -> quantizer.local(x, 0, mask, 0, y, 0, LENGTH));
            assertNone(() -> read[0] += gradient.scale(0) + gradient.zeroPoint(0));
        }
        LearnedClip clip = LearnedClip.of(-1, 1);
        ClipGradient gradient = clip.gradient();
        assertNone(() -> clip.backward(x, 0, y, 0, y, 0, LENGTH, gradient));
        AmaxQuantizer amax = AmaxQuantizer.of(AmaxGrid.INT8, 1);
        assertNone(() -> amax.forward(x, 0, y, 0, LENGTH));
        assertNone(() -> clip.forward(x, 0, y, 0, LENGTH));
        assertNone(() -> clip.backward(x, 0, y, 0, y, 0, LENGTH));
        for (StraightThrough quantizer : new StraightThrough[] {one, many, amax, clip}) {
            QuantizerStage frozen = new QuantizerStage.Frozen(quantizer);
            assertNone(() -> frozen.forward(x, 0, y, 0, LENGTH));
            assertNone(() -> frozen.backward(x, 0, y, 0, y, 0, LENGTH));
        }
        ActivationGradient silu = ActivationGradient.of(Activation.SILU);
        assertNone(() -> silu.backward(x, 0, y, 0, y, 0, 100));
    }

    /** Sixteen lanes of two sums for each channel, and little beside them. */
    @Test
    void gradientsOfManyChannels() {
        int channels = 4096;
        float[] scales = new float[channels];
        Arrays.fill(scales, 0.1f);
        for (int inner : new int[] {1, 9}) {
            FakeQuantizer quantizer = FakeQuantizer.of(
                    new ChannelLayout(channels, inner), new CodeRange(-8, 7), scales, new int[channels], Profile.ONNX);
            long bytes = fewestBytes(quantizer::gradient, 1_000_000_000L) / CALLS;
            assertTrue(bytes < channels * (2 * 16 + 4L) * 8, "bytes " + bytes);
        }
    }

    @Test
    void frozenLayers() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.1f, 3);
        Conv2dShape shape = Conv2dShape.of(4, 8, 8, 6, 3, 3).padding(1);
        QuantizedWeights weights = QuantizedWeights.of(new byte[6 * 36], 6, 0.1f);
        SumsToCodes end = SumsToCodes.of(params, weights, new float[6], Activation.RELU, params, Between.EXACT);
        QuantizedConv2d convolution = QuantizedConv2d.of(shape, params, weights, end, MatrixProduct.java());
        QuantizedLinear linear = QuantizedLinear.of(params, weights, end, MatrixProduct.java());
        byte[] in = new byte[50 * 36];
        byte[] out = new byte[shape.outputLength()];
        assertNone(() -> convolution.apply(in, 0, 1, out, 0));
        assertNone(() -> linear.apply(in, 0, 50, out, 0));
        int[] sums = new int[6];
        for (Between between : Between.values()) {
            SumsToCodes silu = SumsToCodes.of(params, weights, new float[6], Activation.SILU, params, between);
            assertNone(() -> silu.apply(sums, 0, out, 0, 6, 0));
        }
    }

    private static void assertNone(Runnable call) {
        assertEquals(0, fewestBytes(call, DEADLINE));
    }

    /** The fewest bytes of some rounds, since the JVM's own work may add some, until there are none. */
    private static long fewestBytes(Runnable call, long nanos) {
        long fewest = Long.MAX_VALUE;
        long end = System.nanoTime() + nanos;
        do {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        } while (fewest > 0 && System.nanoTime() < end);
        return fewest;
    }
}
