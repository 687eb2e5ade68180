// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.scalar.HalfType;
import java.util.Map;

/** {@code size} numbers of 16 bits and as many floats, from one to the other. */
public abstract class HalfBenchmark extends BesidePeers {
    final HalfType type;
    short[] halves;
    float[] floats;

    HalfBenchmark(HalfType type) {
        this.type = type;
    }

    @Override
    public void prepare() {
        floats = Data.reals(size);
        halves = new short[size];
        type.fromFloat(floats, 0, halves, 0, size);
    }

    float[] toFloat() {
        type.toFloat(halves, 0, floats, 0, size);
        return floats;
    }

    short[] fromFloat() {
        type.fromFloat(floats, 0, halves, 0, size);
        return halves;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(floats, 0, copied, 0, size));
    }

    /** float16 to float. */
    public static class FromFloat16Benchmark extends HalfBenchmark {
        public FromFloat16Benchmark() {
            super(HalfType.FLOAT16);
        }

        @Override
        public Object call() {
            return toFloat();
        }
    }

    /** float to float16. */
    public static class ToFloat16Benchmark extends HalfBenchmark {
        public ToFloat16Benchmark() {
            super(HalfType.FLOAT16);
        }

        @Override
        public Object call() {
            return fromFloat();
        }
    }

    /** bfloat16 to float. */
    public static class FromBfloat16Benchmark extends HalfBenchmark {
        public FromBfloat16Benchmark() {
            super(HalfType.BFLOAT16);
        }

        @Override
        public Object call() {
            return toFloat();
        }
    }

    /** float to bfloat16. */
    public static class ToBfloat16Benchmark extends HalfBenchmark {
        public ToBfloat16Benchmark() {
            super(HalfType.BFLOAT16);
        }

        @Override
        public Object call() {
            return fromFloat();
        }
    }
}
