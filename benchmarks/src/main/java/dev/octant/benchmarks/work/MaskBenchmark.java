// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;
import dev.octant.core.TensorQuantizer;
import java.util.Map;

/** Which of {@code size} floats fake quantization clips, by the rule of PyTorch. */
public class MaskBenchmark extends BesidePeers {
    float[] src;
    byte[] dst;
    private TensorQuantizer quantizer;

    @Override
    public void prepare() {
        src = Data.reals(size);
        dst = new byte[size];
        quantizer = TensorQuantizer.of(QuantizeBenchmark.PARAMS, Profile.PYTORCH);
    }

    @Override
    public byte[] call() {
        quantizer.fakeQuantizeMask(src, 0, dst, 0, size);
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size));
    }
}
