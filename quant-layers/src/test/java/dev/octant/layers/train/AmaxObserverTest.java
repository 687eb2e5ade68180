// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** A largest magnitude is one of values that were seen. */
class AmaxObserverTest {
    @Test
    void nothingSeenMakesNoQuantizer() {
        AmaxObserver none = new AmaxObserver(KeptAxes.NONE);
        assertEquals(
                "finite values must be observed before quantizing; values that were not finite: 0",
                refusal(() -> none.quantizer(AmaxGrid.INT8)));
        none.observe(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NaN});
        assertEquals(
                "finite values must be observed before quantizing; values that were not finite: 3",
                refusal(() -> none.quantizer(AmaxGrid.INT8)));
        none.observe(new float[] {0});
        assertArrayEquals(new float[1], none.quantizer(AmaxGrid.INT8).amax());

        AmaxObserver rows = new AmaxObserver(KeptAxes.of(new int[] {3, 2}, 0));
        rows.observe(new float[] {1, -2, Float.NaN, Float.NaN, 0, 0});
        assertEquals(
                "finite values must be observed before quantizing in each of 3 groups, were none in group 1; values"
                        + " that were not finite: 2",
                refusal(() -> rows.quantizer(AmaxGrid.INT8)));
        rows.observe(new float[] {0, 0, 0, 5, 0, 0});
        assertArrayEquals(new float[] {2, 5, 0}, rows.quantizer(AmaxGrid.INT8).amax());
    }

    /** The magnitude of the very values needs none that is finite: in mid-training all become 0. */
    @Test
    void dynamicMagnitudesOfNoFiniteValueAreZero() {
        float[] x = {Float.NaN, Float.NEGATIVE_INFINITY};
        DynamicAmax.of(AmaxGrid.INT8).forward(x, 0, x, 0, 2);
        assertArrayEquals(new float[2], x);
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalStateException.class, call::run).getMessage();
    }
}
