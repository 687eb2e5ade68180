// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What shape and axes are called. */
class KeptAxesTest {
    @Test
    void otherAxesHaveOtherNames() {
        KeptAxes rows = KeptAxes.of(new int[] {2, 3}, 0);
        KeptAxes columns = KeptAxes.of(new int[] {2, 3}, -1);
        assertEquals("2 x 3 along axis 0", rows.toString());
        assertEquals("2 x 3 along axis 1", columns.toString());
        assertEquals(
                "2 x 3 x 4 along axes 0, 2",
                KeptAxes.of(new int[] {2, 3, 4}, 2, 0).toString());
        assertEquals("2 x 3 along no axis", KeptAxes.of(new int[] {2, 3}).toString());
        assertEquals("any shape along no axis", KeptAxes.NONE.toString());
        assertEquals(
                "length must be a multiple of the 6 elements of 2 x 3 along axis 1, was 4",
                assertThrows(IllegalArgumentException.class, () -> columns.checkLength(4))
                        .getMessage());
    }

    /** Quantizers whose axes alone are other. */
    @Test
    void otherQuantizersHaveOtherNames() {
        AmaxQuantizer rows = AmaxQuantizer.of(AmaxGrid.INT8, KeptAxes.of(new int[] {2, 2}, 0), 1, 2);
        AmaxQuantizer columns = AmaxQuantizer.of(AmaxGrid.INT8, KeptAxes.of(new int[] {2, 2}, 1), 1, 2);
        assertNotEquals(rows, columns);
        assertNotEquals(rows.toString(), columns.toString());
    }
}
