// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.Between;
import dev.octant.layers.QuantizedWeights;
import dev.octant.layers.SumsToCodes;
import dev.octant.ops.Activation;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** {@code size} int32 sums to int8 codes, rows of {@value #ROW}, beside a copy of the sums; ReLU, which only clips. */
public class EpilogueBenchmark extends BesidePeers {
    static final int ROW = 1024;
    static final QuantParams INPUT = QuantParams.of(QuantType.UINT8, 0.02f, 128);
    static final QuantParams OUTPUT = QuantParams.of(QuantType.INT8, 0.05f, -10);
    static final float WEIGHT_SCALE = 0.004f;

    int[] src;
    byte[] dst;
    float[] bias;
    private SumsToCodes end;

    Activation activation() {
        return Activation.RELU;
    }

    Between between() {
        return Between.EXACT;
    }

    @Override
    public void prepare() {
        float[] scales = new float[ROW];
        Arrays.fill(scales, WEIGHT_SCALE);
        bias = new float[ROW];
        Random random = new Random(1);
        for (int o = 0; o < ROW; o++) {
            bias[o] = (float) random.nextGaussian();
        }
        QuantizedWeights weights = QuantizedWeights.of(new byte[ROW], ROW, scales);
        end = SumsToCodes.of(INPUT, weights, bias, activation(), OUTPUT, between());
        float[] reals = Data.reals(size);
        src = new int[size];
        for (int i = 0; i < size; i++) {
            src[i] = (int) (reals[i] * 2 / (INPUT.scale() * WEIGHT_SCALE));
        }
        dst = new byte[size];
    }

    @Override
    public byte[] call() {
        for (int at = 0; at < size; at += ROW) {
            end.apply(src, at, dst, at, Math.min(ROW, size - at), 0);
        }
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        int[] copied = new int[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size));
    }

    /** SiLU by 256 codes between sums and table. */
    public static class SiluEpilogueBenchmark extends EpilogueBenchmark {
        @Override
        Activation activation() {
            return Activation.SILU;
        }

        @Override
        Between between() {
            return Between.EIGHT_BITS;
        }
    }

    /** SiLU by 4,096 codes between sums and table. */
    public static class FineSiluEpilogueBenchmark extends SiluEpilogueBenchmark {
        @Override
        Between between() {
            return Between.TWELVE_BITS;
        }
    }
}
