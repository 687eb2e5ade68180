// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.observers.HistogramObserver;
import java.util.Map;

/** {@code size} floats into one histogram that has already seen their range. */
public class HistogramBenchmark extends BesidePeers {
    float[] src;
    private HistogramObserver observer;

    @Override
    public void prepare() {
        src = Data.reals(size);
        observer = new HistogramObserver();
    }

    @Override
    public HistogramObserver call() {
        observer.observe(src, 0, size);
        return observer;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(src, 0, copied, 0, size));
    }
}
