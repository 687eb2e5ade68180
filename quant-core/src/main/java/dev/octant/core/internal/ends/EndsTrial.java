// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

import dev.octant.core.internal.choice.Trial;
import java.util.List;

/** Floats of both signs and zeros, with an odd tail. */
public final class EndsTrial implements Trial<EndsKernel> {
    private final float[] src = Trial.floats(SIZE + 13, 3);
    private final Ends ends = new Ends();

    public EndsTrial() {
        for (int i = 0; i < src.length; i += 37) {
            src[i] = 0;
        }
    }

    @Override
    public void run(EndsKernel kernel) {
        kernel.run(src, 0, src.length, ends);
    }

    @Override
    public List<Object> output() {
        return outcome(ends);
    }

    /** All that was found. */
    static List<Object> outcome(Ends ends) {
        return List.of(ends.finite(), ends.low(), ends.high(), ends.zeros());
    }
}
