// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.ErrorTally;
import dev.octant.core.RealRange;
import java.util.Map;

/** What it costs that {@code size} floats stand for others: signal, noise, clipping and the largest error. */
public class ErrorsBenchmark extends BesidePeers {
    static final RealRange RANGE = RealRange.of(-2.5, 2.5);
    private static final float STEP = 0.0625f;

    float[] values;
    float[] approximations;
    private ErrorTally tally;

    @Override
    public void prepare() {
        values = Data.reals(size);
        approximations = new float[size];
        for (int i = 0; i < size; i++) {
            approximations[i] = Math.round(values[i] / STEP) * STEP;
        }
        tally = ErrorTally.of(RANGE, RANGE);
    }

    @Override
    public ErrorTally call() {
        tally.add(values, values, approximations, 0, size);
        return tally;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        float[] copied = new float[size];
        return Map.of(Peer.COPY, () -> System.arraycopy(values, 0, copied, 0, size));
    }
}
