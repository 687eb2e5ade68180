// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * {@code size} floats, or as many as fill the shape, to int8 codes with a grid for every channel, beside {@code
 * QuantizeLinear} with an axis.
 */
public abstract class ChannelBenchmark extends FloatsBenchmark {
    static final int CHANNELS = 16;

    /** Neighbouring values of one channel where the channels come first. */
    static final int ROW = 256;

    /** Which dimension of {@link #shape()} the channels are. */
    private static final int AXIS = 1;

    byte[] dst;
    OnnxRun engine;
    private ChannelQuantizer quantizer;

    /** Of all values, row-major. */
    abstract int[] shape();

    static List<QuantParams> params() {
        return IntStream.range(0, CHANNELS)
                .mapToObj(c -> QuantParams.of(QuantType.INT8, 0.02f + c * 0x1p-12f, c - CHANNELS / 2))
                .toList();
    }

    ChannelLayout layout() {
        return ChannelLayout.of(AXIS, shape());
    }

    @Override
    public void prepare() {
        int length = IntStream.of(shape()).reduce(1, (a, b) -> a * b);
        src = Data.reals(length);
        dst = new byte[length];
        quantizer = ChannelQuantizer.of(layout(), params());
    }

    @Override
    public byte[] call() {
        quantizer.quantize(src, 0, dst, 0, src.length);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        long[] shape = IntStream.of(shape()).asLongStream().toArray();
        engine = OnnxRun.of(new OnnxGraph()
                .floatsIn("x", shape)
                .codesOut("y", params(), shape)
                .node(OnnxGraph.ONNX, "QuantizeLinear", "y", "x", "y.scale", "y.zero")
                .with("axis", AXIS));
        engine.buffer("x").asFloatBuffer().put(src);
        return Map.of(Peer.COPY, copy(), Peer.ENGINE, engine);
    }

    /** Each channel is a row of {@value #ROW} values. */
    public static class ChannelFirstBenchmark extends ChannelBenchmark {
        @Override
        int[] shape() {
            return new int[] {size / (CHANNELS * ROW), CHANNELS, ROW};
        }
    }

    /** Each channel is a row of {@value #SHORT_ROW} values, 7 x 7: not a multiple of any vector. */
    public static class ShortRowsBenchmark extends ChannelBenchmark {
        static final int SHORT_ROW = 49;

        @Override
        int[] shape() {
            return new int[] {Math.max(1, size / (CHANNELS * SHORT_ROW)), CHANNELS, SHORT_ROW};
        }
    }

    /** The channel changes with every value. */
    public static class ChannelLastBenchmark extends ChannelBenchmark {
        @Override
        int[] shape() {
            return new int[] {size / CHANNELS, CHANNELS};
        }
    }
}
