// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;
import dev.octant.core.TensorQuantizer;

/** Which of {@code size} floats fake quantization clips, by the rule of PyTorch. */
public class MaskBenchmark extends FloatsBenchmark {
    byte[] dst;
    private TensorQuantizer quantizer;

    @Override
    public void prepare() {
        super.prepare();
        dst = new byte[size];
        quantizer = TensorQuantizer.of(QuantizeBenchmark.PARAMS, Profile.PYTORCH);
    }

    @Override
    public byte[] call() {
        quantizer.fakeQuantizeMask(src, 0, dst, 0, size);
        return dst;
    }
}
