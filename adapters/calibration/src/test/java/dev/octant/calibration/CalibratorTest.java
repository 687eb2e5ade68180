// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.ValueCounts;
import dev.octant.observers.estimators.MinMax;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CalibratorTest {
    private static Calibrator observed() {
        Calibrator calibrator = new Calibrator();
        calibrator.observe("conv", new float[] {-1, 3});
        calibrator.observe("act", new float[] {9, 0, 1, 9}, 1, 2);
        calibrator.observe("conv", FloatBuffer.wrap(new float[] {2, Float.NaN}));
        return calibrator;
    }

    private static HistogramSummary summary(float... values) {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(values);
        return observer.summary();
    }

    @Test
    void tableHoldsWhatWasDecided() {
        CalibrationTable table = observed().table(new MinMax(), QuantType.UINT8, QuantScheme.ASYMMETRIC);
        assertEquals(List.of("act", "conv"), List.copyOf(table.entries().keySet()));
        CalibrationTable.Entry conv = table.entry("conv");
        assertEquals(RealRange.of(-1, 3), conv.range());
        assertEquals(QuantParams.of(QuantType.UINT8, 0x1.010102p-6f, 64), conv.params());
        assertEquals("minmax", conv.method());
        assertEquals(new ValueCounts(4, 0, 1, 0, 0, -1, 3), conv.values());
        assertEquals(Optional.of(summary(3, 2, Float.NaN, -1).digest()), conv.digest());
        assertEquals(RealRange.UNIT, table.entry("act").range());
        assertEquals(table.entry("act").params(), table.params("act"));
        assertEquals(table, CalibrationTable.of(table.entries()));
        String message = assertThrows(IllegalArgumentException.class, () -> table.entry("x"))
                .getMessage();
        assertTrue(message.contains("[act, conv]") && message.endsWith("was x"), message);
        assertThrows(UnsupportedOperationException.class, () -> table.entries().clear());
    }

    @Test
    void mergedCalibratorsEqualOne() {
        Calibrator one = observed();
        Calibrator other = new Calibrator();
        other.observe("act", new float[] {-50});
        other.observe("late", new float[] {1e30f});
        Map<String, HistogramSummary> before = one.summaries();
        one.merge(other.summaries());
        other.merge(before);
        assertEquals(one.summaries(), other.summaries());
        assertEquals(3, one.summaries().size());
        assertEquals(3, one.summaries().get("act").counts().count());
        assertEquals(2, before.get("act").counts().count());
    }

    @Test
    void errorsNameTheTensor() {
        Calibrator calibrator = observed();
        calibrator.observe("empty", new float[] {Float.NaN});
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> calibrator.table(new MinMax(), QuantType.INT8, QuantScheme.SYMMETRIC))
                .getMessage();
        assertTrue(message.startsWith("empty: observed values must include a finite one"), message);
        assertThrows(
                IllegalStateException.class,
                () -> new Calibrator().table(new MinMax(), QuantType.INT8, QuantScheme.SYMMETRIC));
        assertThrows(IllegalArgumentException.class, () -> calibrator.observer(" "));
    }

    @Test
    void digestsAreSixtyFourHexadecimalDigits() {
        for (String digest : List.of("", "0".repeat(63), "0".repeat(65), "A".repeat(64), "g".repeat(64))) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> new CalibrationTable.Entry(
                                    RealRange.UNIT,
                                    QuantParams.of(QuantType.INT8, 1, 0),
                                    "minmax",
                                    ValueCounts.NONE,
                                    Optional.of(digest)))
                    .getMessage();
            assertEquals("digest must be 64 hexadecimal digits in lower case, was '" + digest + "'", message);
        }
    }

    @Test
    void aPolicyChoosesTheParametersOfACalibrator() {
        Calibrator calibrator = new Calibrator();
        calibrator.observe("x", new float[] {-1, 3});
        QuantParams ours = calibrator
                .table(new MinMax(), QuantType.INT8, QuantScheme.SYMMETRIC)
                .params("x");
        assertEquals(3 / 127f, ours.scale());
        QuantParams theirs = calibrator
                .table(new MinMax(), QuantType.INT8, QuantScheme.SYMMETRIC, ParameterPolicy.PYTORCH)
                .params("x");
        assertEquals(3 / 127.5f, theirs.scale());
        assertEquals(
                "x: scheme must be SYMMETRIC under NVIDIA, was ASYMMETRIC",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> calibrator.table(
                                        new MinMax(), QuantType.INT8, QuantScheme.ASYMMETRIC, ParameterPolicy.NVIDIA))
                        .getMessage());
    }
}
