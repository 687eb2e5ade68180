// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.DynamicPolicy;
import dev.octant.core.DynamicQuantizer;
import dev.octant.core.IntegerType;

/** {@code size} floats to 8-bit codes with a grid that is chosen from them: two passes over the data. */
public abstract class DynamicBenchmark extends FloatsBenchmark {
    final IntegerType type;
    private final DynamicPolicy policy;
    byte[] dst;
    float[] scales;
    int[] zeroPoints;
    private DynamicQuantizer quantizer;

    DynamicBenchmark(DynamicPolicy policy, IntegerType type) {
        this.policy = policy;
        this.type = type;
    }

    /** Values that share a grid. */
    abstract int row();

    @Override
    public void prepare() {
        super.prepare();
        dst = new byte[size];
        scales = new float[size / row()];
        zeroPoints = new int[size / row()];
        quantizer = DynamicQuantizer.of(policy, type);
    }

    @Override
    public byte[] call() {
        quantizer.quantize(src, 0, dst, 0, size / row(), row(), scales, zeroPoints);
        return dst;
    }

    /** {@code DynamicQuantizeLinear} of the whole tensor. */
    public static class DynamicTensorBenchmark extends DynamicBenchmark {
        public DynamicTensorBenchmark() {
            super(DynamicPolicy.ONNX, IntegerType.UINT8);
        }

        @Override
        int row() {
            return size;
        }
    }

    /** torchao's asymmetric rule for every row of 1,024. */
    public static class DynamicRowBenchmark extends DynamicBenchmark {
        public DynamicRowBenchmark() {
            super(DynamicPolicy.TORCHAO, IntegerType.INT8);
        }

        @Override
        int row() {
            return 1024;
        }
    }

    /** torchao's symmetric rule for every group of 32. */
    public static class DynamicGroupBenchmark extends DynamicBenchmark {
        public DynamicGroupBenchmark() {
            super(DynamicPolicy.TORCHAO_SYMMETRIC, IntegerType.INT8);
        }

        @Override
        int row() {
            return 32;
        }
    }
}
