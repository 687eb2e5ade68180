// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
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

    /** Each kept axis counts places of a row or whole rows, and never both: by its indices, found anew. */
    @Test
    void rowsThatFitHaveAxesOfTheirOwn() {
        int fitting = 0;
        for (int shapeCode = 0; shapeCode < 4 * 4 * 4; shapeCode++) {
            int[] shape = {1 + shapeCode % 4, 1 + shapeCode / 4 % 4, 1 + shapeCode / 16};
            for (int keptCode = 0; keptCode < 8; keptCode++) {
                int code = keptCode;
                int[] axes =
                        IntStream.range(0, 3).filter(d -> (code >> d & 1) == 1).toArray();
                KeptAxes kept = KeptAxes.of(shape, axes);
                assertEquals(shape[0] * shape[1] * shape[2], kept.elements());
                for (int row = 1; row <= 12; row++) {
                    if (kept.fitsRows(row)) {
                        fitting++;
                        for (int axis : axes) {
                            assertTrue(ofPlaces(shape, axis, row) || ofRows(shape, axis, row), kept + ", " + row);
                        }
                    }
                }
                assertTrue(kept.fitsRows(kept.elements()), kept.toString());
                assertTrue(kept.fitsRows(2 * kept.elements()), kept.toString());
                assertTrue(kept.fitsRows(shape[2]), kept.toString());
                assertTrue(kept.fitsRows(shape[1] * shape[2]), kept.toString());
            }
        }
        assertTrue(fitting > 1000, fitting + " fit");
        assertFalse(KeptAxes.of(new int[] {3}, 0).fitsRows(4));
        assertTrue(KeptAxes.of(new int[] {3}).fitsRows(4));
        assertTrue(KeptAxes.NONE.fitsRows(4));
        assertEquals(1, KeptAxes.NONE.elements());
        assertEquals(
                "row must be positive, was 0",
                assertThrows(IllegalArgumentException.class, () -> KeptAxes.NONE.fitsRows(0))
                        .getMessage());
    }

    private static int index(int[] shape, int axis, int element) {
        int rest = element % (shape[0] * shape[1] * shape[2]);
        int[] indices = {rest / shape[2] / shape[1], rest / shape[2] % shape[1], rest % shape[2]};
        return indices[axis];
    }

    private static boolean ofPlaces(int[] shape, int axis, int row) {
        return IntStream.range(0, 64 * row).allMatch(i -> index(shape, axis, i) == index(shape, axis, i % row));
    }

    private static boolean ofRows(int[] shape, int axis, int row) {
        return IntStream.range(0, 64 * row).allMatch(i -> index(shape, axis, i) == index(shape, axis, i / row * row));
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
