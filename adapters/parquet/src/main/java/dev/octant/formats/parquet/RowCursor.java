// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.io.IOException;

/** Tells which values of a page of data belong to which row, by its levels. Not thread safe. */
final class RowCursor {
    private static final int AT_ONCE = 1 << 12;

    private final HybridRuns repetitions;
    private final HybridRuns definitions;
    private final int maxDefinition;
    private final int[] repetition = new int[AT_ONCE];
    private final int[] definition = new int[AT_ONCE];
    private int left;
    private int known;
    private int at;
    private boolean hasBegun;

    RowCursor(ParquetColumn column, PageDecoder.Levels levels, int count, Place place) {
        maxDefinition = column.maxDefinition();
        repetitions = runs(levels.repetitions(), column.maxRepetition(), count, place);
        definitions = runs(levels.definitions(), maxDefinition, count, place);
        left = count;
    }

    /** Levels that are all 0 are not written. */
    private static HybridRuns runs(Bytes levels, int max, int count, Place place) {
        return max == 0 ? null : new HybridRuns(levels, PageDecoder.bits(max), count, place);
    }

    private boolean hasLevel() throws IOException {
        if (at == known && left > 0) {
            known = Math.min(AT_ONCE, left);
            left -= known;
            at = 0;
            if (repetitions != null) {
                repetitions.read(repetition, known);
            }
            if (definitions != null) {
                definitions.read(definition, known);
            }
        }
        return at < known;
    }

    /**
     * How many of the next {@code most} values belong to the row at hand; 0 where the next row begins, which then is at
     * hand, or the page ends.
     */
    int valuesOfRow(int most) throws IOException {
        int count = 0;
        while (count < most && hasLevel()) {
            if (repetition[at] == 0 && !hasBegun) {
                if (count == 0) {
                    hasBegun = true;
                }
                return count;
            }
            hasBegun = false;
            count += definition[at] == maxDefinition ? 1 : 0;
            at++;
        }
        return count;
    }

    /** Whether the next row begins, which then is at hand; values before it are passed over. False at the end. */
    boolean hasNextRow() throws IOException {
        while (hasLevel()) {
            if (repetition[at] == 0 && !hasBegun) {
                hasBegun = true;
                return true;
            }
            hasBegun = false;
            at++;
        }
        return false;
    }
}
