// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.observers.MinMaxObserver;
import java.util.Map;

/** Smallest and largest of {@code size} floats; NaN, infinities and zeros counted. */
public class MinMaxBenchmark extends BesidePeers {
    float[] src;
    private MinMaxObserver observer;

    @Override
    public void prepare() {
        src = Data.reals(size);
        observer = new MinMaxObserver();
    }

    @Override
    public MinMaxObserver call() {
        observer.observe(src, 0, size);
        return observer;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size));
    }
}
