// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class TicksProperties {
    private record Interval(double low, double high) {
        double magnitude() {
            return Math.max(Math.abs(low), Math.abs(high));
        }
    }

    /** Ends are floats of any bit pattern; an axis is never shorter than 1e-9 of its ends. */
    @Provide
    Arbitrary<Interval> intervals() {
        Arbitrary<Double> ends = Arbitraries.integers()
                .map(Float::intBitsToFloat)
                .filter(Float::isFinite)
                .map(Float::doubleValue);
        return Combinators.combine(ends, ends)
                .as((a, b) -> new Interval(Math.min(a, b), Math.max(a, b)))
                .filter(interval -> interval.high - interval.low > 1e-9 * interval.magnitude());
    }

    /** A magnitude with a width that is a small part of it: ticks far from zero. */
    @Provide
    Arbitrary<Interval> narrow() {
        return Combinators.combine(
                        Arbitraries.integers().map(Float::intBitsToFloat).filter(x -> Float.isFinite(x) && x != 0),
                        Arbitraries.integers().between(1, 28))
                .as((start, exponent) -> new Interval(start, start + Math.abs(start) * Math.scalb(1.0, -exponent)));
    }

    @Property
    void aFewRoundNumbersInside(@ForAll("intervals") Interval interval, @ForAll @IntRange(min = 2, max = 12) int most) {
        check(interval, most);
    }

    @Property
    void farFromZeroToo(@ForAll("narrow") Interval interval, @ForAll @IntRange(min = 2, max = 12) int most) {
        check(interval, most);
    }

    private static void check(Interval interval, int most) {
        Ticks ticks = Ticks.within(interval.low, interval.high, most);
        List<Double> values = ticks.values();
        assertTrue(List.of(1, 2, 5).contains(ticks.mantissa()));
        assertTrue(values.size() <= most, () -> values.toString());
        // The next finer step, at least step / 2.5, has more than `most` multiples inside: they span most * step / 2.5.
        assertTrue(values.size() >= (int) (most / 2.5), () -> values.toString());
        // A multiple, a power of ten and their product round once each; so does the quotient that finds the multiple.
        double slack = 4 * Math.ulp(interval.magnitude());
        for (double value : values) {
            assertTrue(value >= interval.low - slack && value <= interval.high + slack, () -> values.toString());
        }
        for (int i = 1; i < values.size(); i++) {
            assertTrue(values.get(i) > values.get(i - 1), () -> values.toString());
            assertEquals(ticks.step(), values.get(i) - values.get(i - 1), 2 * slack);
        }
        if (interval.low <= 0 && interval.high >= 0) {
            assertTrue(values.contains(0.0), () -> values.toString());
        }
    }

    @Property
    void axesHaveReadableLabelsAtTheirPlaces(@ForAll("intervals") Interval interval) {
        LinearAxis axis = LinearAxis.ofReals(interval.low, interval.high, 40, 400, 7);
        List<String> labels = axis.ticks().stream().map(Tick::label).toList();
        assertEquals(labels.size(), labels.stream().distinct().count(), () -> labels.toString());
        for (Tick tick : axis.ticks()) {
            assertTrue(tick.place() >= 40 - 1e-6 && tick.place() <= 400 + 1e-6);
        }
        Assume.that(interval.high - interval.low > 1e-2 * interval.magnitude());
        for (String label : labels) {
            assertTrue(label.length() <= 7, label);
        }
    }

    @Property
    void anAxisWithoutLengthStillHasTicks(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        Assume.that(Float.isFinite(value));
        LinearAxis axis = LinearAxis.ofReals(value, value, 0, 100, 5);
        assertTrue(axis.range().width() > 0);
        assertTrue(axis.ticks().size() >= 2);
    }

    @Property
    void countsAreWholeAndDistinct(@ForAll @LongRange(min = 1) long largest) {
        for (Axis axis : List.of(LinearAxis.ofCounts(largest, 100, 0), new LogAxis(largest, 100, 0))) {
            List<Tick> ticks = axis.ticks();
            assertTrue(!ticks.isEmpty() && ticks.size() <= 8, () -> ticks.toString());
            assertEquals(
                    ticks.size(), ticks.stream().map(Tick::label).distinct().count(), () -> ticks.toString());
            for (int i = 1; i < ticks.size(); i++) {
                assertTrue(ticks.get(i).place() < ticks.get(i - 1).place(), () -> ticks.toString());
            }
            assertTrue(ticks.get(ticks.size() - 1).place() >= 0 && ticks.get(0).place() <= 100, () -> ticks.toString());
        }
    }
}
