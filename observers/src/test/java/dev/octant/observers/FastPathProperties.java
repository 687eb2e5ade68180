// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.fixtures.QuantInputs;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The fast way through {@link HistogramObserver} changes no bit of the outcome. */
class FastPathProperties {
    /** Blocks of different size, reach and kind, so that the counter's bins widen and narrow and lanes fill up. */
    @Property(tries = 150)
    void equalsTheReferenceOnAnyMixture(@ForAll Random random, @ForAll @IntRange(min = 1, max = 30_000) int length) {
        float[] values = mixture(random, length);
        HistogramObserver observer = new HistogramObserver();
        for (int from = 0; from < length; ) {
            int part = 1 + random.nextInt(length - from);
            observer.observe(values, from, part);
            from += part;
            if (random.nextInt(4) == 0) {
                assertEquals(ReferenceHistogram.of(values, 0, from), observer.summary());
            }
        }
        assertEquals(ReferenceHistogram.of(values, 0, length), observer.summary());
    }

    /** Blocks of many kinds, one after the other. */
    static float[] mixture(Random random, int length) {
        float[] values = new float[length];
        for (int from = 0; from < length; ) {
            int to = from + 1 + random.nextInt(Math.min(9000, length - from));
            fill(values, from, to, random, random.nextInt(8), random.nextInt(254) - 135);
            from = to;
        }
        return values;
    }

    static void fill(float[] values, int from, int to, Random random, int kind, int power) {
        for (int i = from; i < to; i++) {
            values[i] = switch (kind) {
                case 0 -> Math.scalb((float) random.nextGaussian(), power);
                case 1 -> Math.scalb(Math.max(0, (float) random.nextGaussian()), power);
                case 2 -> Float.intBitsToFloat(random.nextInt() & 0xBFFF_FFFF); // up to 2, of every exponent
                case 3 -> random.nextInt(50) == 0 ? 1e30f : (float) random.nextGaussian();
                // Ends of bins and their neighbours.
                case 4 -> Math.scalb(random.nextInt(4097) - 2048 + (random.nextInt(3) - 1) * 0x1p-13f, power);
                case 5 -> Math.scalb(1 - 0x1p-24f, random.nextInt(14)) * (random.nextBoolean() ? 1 : -1);
                case 6 -> random.nextInt(300) == 0 ? Float.NaN : Math.scalb(random.nextFloat(), power);
                default -> random.nextInt(500) == 0 ? Float.intBitsToFloat(random.nextInt()) : -0f;
            };
        }
    }

    @Example
    void equalsTheReferenceOnAdversarialData() {
        QuantInputs.adversarialTensors()
                .forEach((name, values) -> assertEquals(
                        ReferenceHistogram.of(values, 0, values.length), HistogramLaws.summary(values), name));
    }

    /** The longest mantissas in every lane for many chunks: a lane that lost a bit would show. */
    @Example
    void lanesStayExactUntilEmptied() {
        float[] values = new float[256 * 200];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 2 == 0 ? 1 : -1) * (2048 - (1 + i % 5) * 0x1p-13f) - (i % 3 == 0 ? 2046 - 0x1p-13f : 0);
        }
        HistogramObserver observer = new HistogramObserver();
        observer.observe(values);
        assertEquals(ReferenceHistogram.of(values, 0, values.length), observer.summary());
        float[] fractions = new float[256 * 200];
        java.util.Arrays.fill(fractions, 2 - 0x1p-23f);
        fractions[0] = 2047;
        HistogramObserver second = new HistogramObserver();
        second.observe(fractions);
        assertEquals(ReferenceHistogram.of(fractions, 0, fractions.length), second.summary());
    }
}
