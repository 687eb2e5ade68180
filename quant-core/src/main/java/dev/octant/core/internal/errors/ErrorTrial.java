// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

import dev.octant.core.internal.choice.Trial;
import java.util.List;

/** Values and approximations of both signs, some beyond each bound, with an odd tail. */
public final class ErrorTrial implements Trial<ErrorKernel> {
    private final float[] inputs = Trial.floats(SIZE + 5, 3);
    private final float[] values = Trial.floats(SIZE + 5, 2);
    private final float[] approximations = new float[SIZE + 5];
    private ErrorSums sums = sums();

    public ErrorTrial() {
        for (int i = 0; i < values.length; i++) {
            approximations[i] = Math.round(values[i] * 16) / 16f;
        }
    }

    private static ErrorSums sums() {
        return new ErrorSums(-2.9, 2.95, -1.9, 1.95);
    }

    @Override
    public void run(ErrorKernel kernel) {
        sums = sums();
        kernel.run(inputs, values, approximations, 0, values.length, sums);
    }

    @Override
    public List<Object> output() {
        return outcome(sums);
    }

    /** All that was added. */
    static List<Object> outcome(ErrorSums sums) {
        return List.of(sums.signal(), sums.inside(), sums.outside(), sums.largest(), sums.clipped());
    }
}
