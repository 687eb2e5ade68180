// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import java.util.Map;

/** The work on {@code size} floats, beside a copy of them. */
public abstract class FloatsBenchmark extends BesidePeers {
    float[] src;

    @Override
    public void prepare() {
        src = Data.reals(size);
    }

    @Override
    public Map<Peer, Runnable> peers() {
        return Map.of(Peer.COPY, copy());
    }

    final Runnable copy() {
        float[] copied = new float[src.length];
        return () -> System.arraycopy(src, 0, copied, 0, src.length);
    }
}
