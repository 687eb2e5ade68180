// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.FloatEdges;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of min and max beside the scalar loop. */
class EndsKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(1);

    @Test
    void everyLengthAndOffset() {
        float[] src = FloatEdges.mixed(random, LENGTHS + OFFSETS, true);
        for (EndsKernel kernel : Twins.of(Kernels.ENDS)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    check(kernel, src, offset, length);
                }
            }
        }
    }

    /** One odd value among ordinary ones, in every place. */
    @Test
    void everyEdgeInEveryLane() {
        for (EndsKernel kernel : Twins.of(Kernels.ENDS)) {
            for (float edge : FloatEdges.all()) {
                for (int place = 0; place < 100; place++) {
                    float[] src = FloatEdges.ordinary(random, 100);
                    src[place] = edge;
                    check(kernel, src, 0, src.length);
                }
            }
        }
    }

    /** The end next to zero is found by a search of its own. */
    @Test
    void valuesOfOneSign() {
        for (EndsKernel kernel : Twins.of(Kernels.ENDS)) {
            for (int length = 0; length <= LENGTHS; length++) {
                float[] src = FloatEdges.mixed(random, length, length % 3 == 0);
                float[] negative = new float[length];
                for (int i = 0; i < length; i++) {
                    src[i] = Math.abs(src[i]);
                    src[i] = length % 2 == 0 && src[i] == 0 ? Float.MIN_VALUE : src[i];
                    negative[i] = -src[i];
                }
                check(kernel, src, 0, length);
                check(kernel, negative, 0, length);
            }
        }
    }

    private static void check(EndsKernel kernel, float[] src, int offset, int length) {
        Ends expected = new Ends();
        Kernels.ENDS.scalar().run(src, offset, length, expected);
        Ends actual = new Ends();
        kernel.run(src, offset, length, actual);
        String name = kernel.getClass().getSimpleName();
        assertEquals(expected.finite(), actual.finite(), name);
        assertEquals(expected.low(), actual.low(), name);
        assertEquals(expected.high(), actual.high(), name);
        if (expected.finite()) {
            assertEquals(expected.zeros(), actual.zeros(), name);
        }
    }
}
