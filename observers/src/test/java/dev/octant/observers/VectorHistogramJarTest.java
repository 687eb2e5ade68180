// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.VectorKernels;
import dev.octant.fixtures.QuantInputs;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Observers on vector kernels, from their first call on, give what the definition gives. */
class VectorHistogramJarTest {
    private static final String PROPERTY = "octant.vector";
    private static final String BEFORE = System.getProperty(PROPERTY, "auto");

    @BeforeAll
    static void force() {
        System.setProperty(PROPERTY, "on");
        try {
            new HistogramObserver().observe(new float[1]);
        } catch (IllegalStateException e) {
            Assumptions.abort(e.getMessage());
        }
        assertEquals(
                2,
                VectorKernels.choices().stream()
                        .filter(choice -> choice.reason().endsWith(PROPERTY + "=on"))
                        .count(),
                () -> VectorKernels.choices().toString());
    }

    @AfterAll
    static void restore() {
        System.setProperty(PROPERTY, BEFORE);
    }

    @Test
    void everyLengthAndOffset() {
        float[] values = new float[364];
        FastPathProperties.fill(values, 0, values.length, new Random(1), 0, 0);
        for (int length = 0; length <= 300; length++) {
            for (int offset = 0; offset <= 64; offset += 7) {
                check(values, offset, length);
            }
        }
    }

    @Test
    void anyMixture() {
        Random random = new Random(2);
        for (int trial = 0; trial < 100; trial++) {
            float[] values = FastPathProperties.mixture(random, 1 + random.nextInt(30_000));
            check(values, 0, values.length);
        }
    }

    @Test
    void adversarialData() {
        QuantInputs.adversarialTensors().values().forEach(values -> check(values, 0, values.length));
    }

    private static void check(float[] values, int offset, int length) {
        HistogramObserver histogram = new HistogramObserver();
        histogram.observe(values, offset, length);
        assertEquals(ReferenceHistogram.of(values, offset, offset + length), histogram.summary());
        MinMaxObserver ends = new MinMaxObserver();
        ends.observe(values, offset, length);
        assertEquals(ReferenceHistogram.counts(values, offset, offset + length), ends.summary());
    }
}
