// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.Kernels;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scalar loops beside the formulas, value by value. */
class FakeGridTest {
    private static final float[] VALUES = {
        0, -0f, 0.05f, -0.05f, 0.15f, 1.25f, 1.35f, -1.25f, 1e30f, -1e30f, 1 / 0f, -1 / 0f, Float.NaN, 0.74f
    };

    @Test
    void formulas() {
        Random random = new Random(1);
        for (boolean divides : new boolean[] {false, true}) {
            FakeGrid grid = FakeGrid.of(0.1f, -8, 7, divides);
            for (int i = 0; i < 2000; i++) {
                float x = i < VALUES.length ? VALUES[i] : (float) random.nextGaussian();
                double steps = divides ? x / 0.1f : x * (1 / 0.1f);
                double whole = Double.isNaN(steps) ? 0 : Math.max(-8, Math.min(7, Math.rint((float) steps)));
                boolean inside = Math.rint((float) steps) >= -8 && Math.rint((float) steps) <= 7;
                float[] y = new float[1];
                Kernels.FAKE.scalar().run(new float[] {x}, 0, y, 0, 1, grid);
                assertEquals((float) whole * 0.1f + 0f, y[0]);
                assertEquals(y[0], grid.fake(x));
                float[] dx = new float[1];
                Kernels.PASS.scalar().run(new float[] {x}, 0, new float[] {3}, 0, dx, 0, 1, grid);
                assertEquals(inside ? 3 : 0, dx[0]);
                double[] sums = new double[32];
                dx[0] = -1;
                int nans = Kernels.STEP
                        .scalar()
                        .run(new float[] {x}, 0, new float[] {3}, 0, dx, 0, 1, grid, sums, 0, 16, 21);
                assertEquals(inside ? 3 : 0, dx[0]);
                assertEquals(Float.isNaN(x) ? 1 : 0, nans);
                double local = inside ? Math.fma((float) whole, 0.1f, -x) * (1 / 0.1f) : whole;
                assertEquals(Float.isNaN(x) ? 0 : 3 * local, sums[5]);
                assertEquals(inside || Float.isNaN(x) ? 0 : 3, sums[16 + 5]);
            }
        }
    }
}
