// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.scalar.HalfType;
import java.util.Map;

/** float to bfloat16. */
public class ToBfloat16Benchmark extends BesidePeers {
    short[] halves;
    float[] floats;

    @Override
    public void prepare() {
        floats = Data.reals(size);
        halves = new short[size];
        HalfType.BFLOAT16.fromFloat(floats, 0, halves, 0, size);
    }

    @Override
    public Object call() {
        HalfType.BFLOAT16.fromFloat(floats, 0, halves, 0, size);
        return halves;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(floats, 0, copied, 0, size));
    }
}
