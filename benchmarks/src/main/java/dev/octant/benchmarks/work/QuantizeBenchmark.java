// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.benchmarks.onnx.OnnxGraph;
import dev.octant.benchmarks.onnx.OnnxRun;
import dev.octant.core.ParallelRanges;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code size} floats to int8 codes, beside {@code QuantizeLinear}. */
public class QuantizeBenchmark extends FloatsBenchmark {
    static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.025f, 3);

    byte[] dst;
    OnnxRun engine;
    private TensorQuantizer quantizer;

    /** The grid of the codes. */
    QuantParams params() {
        return PARAMS;
    }

    @Override
    public void prepare() {
        super.prepare();
        dst = new byte[size];
        quantizer = TensorQuantizer.of(params());
    }

    @Override
    public byte[] call() {
        quantize(0, size);
        return dst;
    }

    final void quantize(int from, int length) {
        quantizer.quantize(src, from, dst, from, length);
    }

    @Override
    public Map<Peer, Runnable> peers() {
        engine = OnnxRun.of(new OnnxGraph()
                .floatsIn("x", size)
                .codesOut("y", params(), size)
                .node(OnnxGraph.ONNX, "QuantizeLinear", "y", "x", "y.scale", "y.zero"));
        engine.buffer("x").asFloatBuffer().put(src);
        return Map.of(Peer.COPY, copy(), Peer.ENGINE, engine);
    }

    /** The same to uint8 codes. */
    public static class QuantizeUint8Benchmark extends QuantizeBenchmark {
        static final QuantParams UINT8 = QuantParams.of(QuantType.UINT8, 0.025f, 131);

        @Override
        QuantParams params() {
            return UINT8;
        }
    }

    /** The same in two ranges, one on the calling thread and one on another; the peers stay on one thread. */
    public static class TwoThreadQuantizeBenchmark extends QuantizeBenchmark {
        /** Elements that are not torn apart. */
        private static final int UNIT = 64;

        private final ExecutorService helper = Executors.newSingleThreadExecutor();
        private final ParallelRanges ranges = new ParallelRanges(helper, 2, UNIT);

        @Override
        public byte[] call() {
            try {
                ranges.run(size, this::quantize);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while quantizing", e);
            }
            return dst;
        }

        @Override
        public void end() throws Exception {
            helper.shutdown();
            super.end();
        }
    }
}
