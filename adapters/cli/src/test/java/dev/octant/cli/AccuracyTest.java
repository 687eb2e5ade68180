// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.methods.MethodKind;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The claim of docs/accuracy.md, on the rows it prints. */
class AccuracyTest {
    @Test
    void consumerIsNeverBelowTheBestOfTheOthersAndAboveAllOfThemSomewhere() throws IOException {
        List<AccuracyTable.Row> rows = AccuracyTable.rows();
        assertEquals(6 + 5 * 3, rows.size());
        for (AccuracyTable.Row row : rows) {
            assertEquals(MethodKind.values().length - 1, row.outputSqnrDb().size());
            assertTrue(row.consumer() >= row.bestOther() - 0.05, row::toString);
        }
        // Far above on what saturates, and by half a decibel and more on most real activations.
        assertTrue(rows.stream().anyMatch(row -> row.consumer() > row.bestOther() + 5));
        assertTrue(rows.stream()
                        .filter(row -> row.data().startsWith("digits") && row.consumer() > row.bestOther() + 0.5)
                        .count()
                >= 4);
    }
}
