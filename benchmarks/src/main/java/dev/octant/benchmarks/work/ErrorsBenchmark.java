// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.ErrorTally;
import dev.octant.core.RealRange;

/** What it costs that {@code size} floats stand for others: signal, noise, clipping and the largest error. */
public class ErrorsBenchmark extends FloatsBenchmark {
    static final RealRange RANGE = RealRange.of(-2.5, 2.5);
    private static final float STEP = 0.0625f;

    float[] approximations;
    private ErrorTally tally;

    @Override
    public void prepare() {
        super.prepare();
        approximations = new float[size];
        for (int i = 0; i < size; i++) {
            approximations[i] = Math.round(src[i] / STEP) * STEP;
        }
        tally = ErrorTally.of(RANGE, RANGE);
    }

    @Override
    public ErrorTally call() {
        tally.add(src, src, approximations, 0, size);
        return tally;
    }
}
