// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import dev.octant.core.internal.choice.Trial;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Values in all places, zeros and small ones among them, with an odd tail. */
public final class BinTrial implements Trial<BinKernel> {
    private static final float PART = 0x1p-14f;

    private final float[] src = Trial.floats(SIZE - 3, 0x1p17f * PART);
    private final BinTally tally = new BinTally();

    public BinTrial() {
        for (int i = 0; i < src.length; i += 37) {
            src[i] = 0;
        }
    }

    @Override
    public void run(BinKernel kernel) {
        tally.clear();
        tally.dropSmall();
        kernel.run(src, 0, src.length, 1 / PART, tally);
    }

    @Override
    public List<Object> output() {
        return outcome(tally);
    }

    /** All that a tally tells. */
    static List<Object> outcome(BinTally tally) {
        return List.of(
                IntStream.range(0, 2 * BinTally.SIDE).map(tally::count).boxed().toList(),
                tally.zeros(),
                tally.sum(),
                tally.upperSquares(),
                tally.lowerSquares(),
                Arrays.toString(Arrays.copyOf(tally.small(), tally.smalls())));
    }
}
