// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.ValueCounts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CalibrationTableTest {
    private static void refused(String sentence, Executable call) {
        assertEquals(
                sentence, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void refusals() {
        QuantParams params = QuantParams.of(QuantType.INT8, 1, 0);
        refused(
                "method must not be blank, was ' '",
                () -> new CalibrationTable.Entry(RealRange.UNIT, params, " ", ValueCounts.NONE));
        assertEquals(
                "op must be given, was null",
                assertThrows(
                                NullPointerException.class,
                                () -> new CalibrationTable.Consumer(null, RealRange.UNIT, params))
                        .getMessage());
        CalibrationTable.Entry entry =
                new CalibrationTable.Entry(RealRange.UNIT, params, "minmax", ValueCounts.NONE, Optional.empty());
        refused("tensor name must not be blank, was ' '", () -> CalibrationTable.of(Map.of(" ", entry)));
        CalibrationTable table = CalibrationTable.of(Map.of("a", entry));
        refused("tensor must be one of the table's [a], was b", () -> table.params("b"));
        assertEquals(params, table.params("a"));
    }

    @Test
    void aMissingTensorIsShownWithEightOfTheOthers() {
        QuantParams params = QuantParams.of(QuantType.INT8, 1, 0);
        Map<String, CalibrationTable.Entry> many = new LinkedHashMap<>();
        for (int i = 0; i < 5000; i++) {
            many.put("layer." + i, new CalibrationTable.Entry(RealRange.UNIT, params, "minmax", ValueCounts.NONE));
        }
        refused(
                "tensor must be one of the table's [layer.0, layer.1, layer.2, layer.3, layer.4, layer.5, layer.6,"
                        + " layer.7 and 4,992 more], was no\\u000ape",
                () -> CalibrationTable.of(many).entry("no\npe"));
    }
}
