// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningTest {
    private static List<Warning> warnings(Activation op, float... data) {
        return Warning.of(Evaluations.tensor("x", op, data), QuantScheme.ASYMMETRIC);
    }

    private static List<String> titles(Activation op, float... data) {
        return warnings(op, data).stream().map(Warning::title).toList();
    }

    /** -1 to 1 in equal steps. */
    private static float[] spread(int n) {
        float[] data = new float[n];
        for (int i = 0; i < n; i++) {
            data[i] = 2f * i / (n - 1) - 1;
        }
        return data;
    }

    @Test
    void ordinaryDataHasNone() {
        assertEquals(List.of(), titles(Activation.SILU, spread(1000)));
    }

    @Test
    void fewerThanAThousand() {
        assertEquals(List.of("Few values"), titles(Activation.SILU, spread(999)));
    }

    @Test
    void notFinite() {
        float[] data = spread(2000);
        data[3] = Float.NaN;
        data[4] = Float.NEGATIVE_INFINITY;
        data[5] = Float.POSITIVE_INFINITY;
        List<Warning> found = warnings(Activation.SILU, data);
        assertEquals(
                List.of("NaN", "Infinity"), found.stream().map(Warning::title).toList());
        assertTrue(found.get(0).text().startsWith("1 of 2,000 values"), found.get(0)::text);
        assertTrue(found.get(1).text().startsWith("2 of 2,000 values"), found.get(1)::text);
    }

    @Test
    void nothingToSee() {
        assertEquals(List.of("No values"), titles(Activation.SILU));
        assertEquals(List.of("NaN", "No values"), titles(Activation.SILU, Float.NaN, Float.NaN));
    }

    @Test
    void oneValueOnly() {
        float[] data = new float[1500];
        assertEquals(List.of("All zeros"), titles(Activation.SILU, data));
        Arrays.fill(data, -2.5f);
        assertEquals(List.of("Constant"), titles(Activation.SILU, data));
    }

    @Test
    void deadOnlyWhereNothingComesThrough() {
        float[] data = spread(2000);
        for (int i = 0; i < data.length; i++) {
            data[i] -= 5;
        }
        assertEquals(List.of("Dead", "One-sided"), titles(Activation.RELU, data));
        assertEquals(List.of("One-sided"), titles(Activation.SILU, data));
    }

    @Test
    void oneSidedSaysWhatItCosts() {
        float[] data = spread(2000);
        for (int i = 0; i < data.length; i++) {
            data[i] = Math.abs(data[i]);
        }
        Warning warning = Warning.of(
                        Evaluations.tensor("x", Activation.SILU, QuantType.INT8, QuantScheme.SYMMETRIC, data),
                        QuantScheme.SYMMETRIC)
                .get(0);
        assertEquals("One-sided", warning.title());
        assertTrue(warning.text().contains("below 0") && warning.text().contains("half of its codes"), warning::text);
    }

    @Test
    void outliersBeyondAHundredTimesTheBulk() {
        float[] data = spread(5000);
        data[0] = 90;
        assertEquals(List.of(), titles(Activation.SILU, data));
        data[0] = 150;
        assertEquals(List.of("Outliers"), titles(Activation.SILU, data));
        data[0] = -1e30f;
        assertEquals(List.of("Outliers"), titles(Activation.SILU, data));
        // The same spread over more values is no outlier: more than one in a thousand lies out there.
        for (int i = 0; i < 10; i++) {
            data[i] = 150;
        }
        assertEquals(List.of(), titles(Activation.SILU, data));
    }

    @Test
    void zerosDoNotMakeTheRestOutliers() {
        float[] data = new float[100_000];
        data[0] = 1;
        data[1] = -1;
        assertEquals(List.of(), titles(Activation.SILU, data));
    }
}
