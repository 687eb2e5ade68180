// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.core.internal.text.NaturalOrder;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.LeftOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Collects the rows of a table, which has them in {@link NaturalOrder}; a tensor whose row is refused is left out with
 * the reason. Not thread safe.
 */
final class TableRows {
    private final Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /** The row of a tensor, or why there is none. */
    record Row(String tensor, Optional<CalibrationTable.Entry> entry, Optional<LeftOut> leftOut) {
        /** Makes the row. */
        static Row of(String tensor, Supplier<CalibrationTable.Entry> row) {
            try {
                return new Row(tensor, Optional.of(row.get()), Optional.empty());
            } catch (IllegalStateException | IllegalArgumentException e) {
                return leftOut(tensor, LeftOut.reason(tensor, e));
            }
        }

        /** The reason why there is none. */
        static Row leftOut(String tensor, String reason) {
            return new Row(tensor, Optional.empty(), Optional.of(new LeftOut(tensor, Optional.empty(), reason)));
        }
    }

    /** Adds a row. */
    void add(Row row) {
        row.entry.ifPresent(entry -> entries.put(row.tensor, entry));
        row.leftOut.ifPresent(leftOut::add);
    }

    /**
     * All of it.
     *
     * @throws NothingCalibratedException if there is no row at all; with the reasons
     */
    CalibrationResult result() {
        if (entries.isEmpty()) {
            throw new NothingCalibratedException(leftOut);
        }
        Map<String, CalibrationTable.Entry> ordered = new TreeMap<>(NaturalOrder.INSTANCE);
        ordered.putAll(entries);
        List<LeftOut> others = new ArrayList<>(leftOut);
        others.sort(Comparator.comparing(LeftOut::tensor, NaturalOrder.INSTANCE));
        return new CalibrationResult(CalibrationTable.of(ordered), others);
    }
}
