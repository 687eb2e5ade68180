// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.choice.Trial;
import java.util.Arrays;
import java.util.List;

/** Values of which some are beyond the grid, with an odd tail, by product; the quotient in a short block. */
public final class StepTrial implements Trial<StepKernel> {
    private static final int LANES = StepKernel.LANES;

    private final float[] x = Trial.floats(SIZE + 13, 8);
    private final float[] dy = Trial.floats(SIZE + 13, 3);
    private final float[] dx = new float[SIZE + 13];
    private final double[] sums = new double[2 * LANES];
    private int nans;

    @Override
    public void run(StepKernel kernel) {
        Arrays.fill(sums, 0);
        nans = kernel.run(x, 0, dy, 0, dx, 0, x.length, FakeTrial.BY_PRODUCT, sums, 0, LANES, 0);
    }

    @Override
    public void runOdd(StepKernel kernel) {
        kernel.run(x, 0, dy, 0, dx, 0, 60, FakeTrial.BY_QUOTIENT, sums, 0, LANES, 5);
        kernel.run(x, 0, dy, 0, dx, 0, 20, FakeTrial.DIVIDING, sums, 0, LANES, 0);
    }

    @Override
    public List<Object> output() {
        return List.of(nans, sums[0], sums[7], sums[LANES], Arrays.hashCode(sums), Arrays.hashCode(dx));
    }
}
