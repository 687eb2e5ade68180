// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.LeftOut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects the rows of a table; a tensor whose row is refused is left out with the reason. Not thread safe. */
final class TableRows {
    private final Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /** Adds a row. */
    void add(String tensor, Supplier<CalibrationTable.Entry> row) {
        try {
            entries.put(tensor, row.get());
        } catch (IllegalStateException | IllegalArgumentException e) {
            leaveOut(tensor, e);
        }
    }

    /** Adds the reason why there is no row. */
    void leaveOut(String tensor, RuntimeException refusal) {
        leftOut.add(new LeftOut(tensor, Optional.empty(), LeftOut.reason(tensor, refusal)));
    }

    /**
     * All of it.
     *
     * @throws IllegalStateException if there is no row at all; with the reason
     */
    CalibrationResult result() {
        if (entries.isEmpty()) {
            throw new IllegalStateException(LeftOut.nothingLeft(leftOut));
        }
        return new CalibrationResult(CalibrationTable.of(entries), leftOut);
    }
}
