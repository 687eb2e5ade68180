// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.DynamicPolicy;
import dev.octant.core.DynamicQuantizer;
import dev.octant.core.IntegerType;
import java.util.Map;

/** {@code size} floats to 8-bit codes with a grid that is chosen from them: two passes over the data. */
public abstract class DynamicBenchmark extends BesidePeers {
    float[] src;
    byte[] dst;
    float[] scales;
    int[] zeroPoints;
    private DynamicQuantizer quantizer;

    abstract DynamicPolicy policy();

    abstract IntegerType type();

    /** Values that share a grid. */
    abstract int row();

    @Override
    public void prepare() {
        src = Data.reals(size);
        dst = new byte[size];
        scales = new float[size / row()];
        zeroPoints = new int[size / row()];
        quantizer = DynamicQuantizer.of(policy(), type());
    }

    @Override
    public byte[] call() {
        quantizer.quantize(src, 0, dst, 0, size / row(), row(), scales, zeroPoints);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size));
    }

    /** {@code DynamicQuantizeLinear} of the whole tensor. */
    public static class DynamicTensorBenchmark extends DynamicBenchmark {
        @Override
        DynamicPolicy policy() {
            return DynamicPolicy.ONNX;
        }

        @Override
        IntegerType type() {
            return IntegerType.UINT8;
        }

        @Override
        int row() {
            return size;
        }
    }

    /** torchao's asymmetric rule for every row of 1,024. */
    public static class DynamicRowBenchmark extends DynamicBenchmark {
        @Override
        DynamicPolicy policy() {
            return DynamicPolicy.TORCHAO;
        }

        @Override
        IntegerType type() {
            return IntegerType.INT8;
        }

        @Override
        int row() {
            return 1024;
        }
    }

    /** torchao's symmetric rule for every group of 32. */
    public static class DynamicGroupBenchmark extends DynamicBenchmark {
        @Override
        DynamicPolicy policy() {
            return DynamicPolicy.TORCHAO_SYMMETRIC;
        }

        @Override
        IntegerType type() {
            return IntegerType.INT8;
        }

        @Override
        int row() {
            return 32;
        }
    }
}
