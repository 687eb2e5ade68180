// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What the search for two ranges promises of its result. */
class ConsumerAwareTest {
    private static final QuantType TYPE = QuantType.INT8;
    private static final QuantScheme SCHEME = QuantScheme.ASYMMETRIC;
    private static final DoubleUnaryOperator TANH = Math::tanh;
    private static final RealRange ONE = RealRange.of(-1, 1);
    private static final RealRange UPWARD = RealRange.of(0, Double.POSITIVE_INFINITY);
    private static final double FINEST = 1.0 / 512;

    private static QuantParams choose(RealRange range) {
        return SCHEME.choose(range, TYPE);
    }

    private static HistogramSummary data(double scale, double shift) {
        Random random = new Random(19);
        float[] values = new float[2000];
        for (int i = 0; i < values.length; i++) {
            double x = random.nextGaussian();
            values[i] = (float) (scale * x * Math.abs(x) + shift);
        }
        return HistogramLaws.summary(values);
    }

    /** Two values so far out that the others have one code between them. */
    private static final HistogramSummary FAR_OUTLIERS = data(1, 0).merge(HistogramLaws.summary(5000, -9000));

    private record Case(DoubleUnaryOperator function, RealRange codomain, HistogramSummary summary) {
        TabulatedError error() {
            return new TabulatedError(Density.of(summary), function, codomain);
        }

        ConsumerAware estimator() {
            return ConsumerAware.of(function, codomain, TYPE, SCHEME).withStarts(List.of(new MinMax(), new AbsMax()));
        }

        double cost(RealRange input, RealRange output) {
            return error().sliced(choose(input)).error(choose(output));
        }
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (HistogramSummary summary :
                List.of(data(2, 0), data(1, 3), data(0.5, -9), data(7, 1), data(0.3, 0.2), data(3, -4), FAR_OUTLIERS)) {
            cases.add(new Case(TANH, ONE, summary));
            cases.add(new Case(x -> Math.max(0, x), UPWARD, summary));
            cases.add(new Case(x -> 0.5 * x - 1, RealRange.ALL, summary));
        }
        return cases;
    }

    /** No pair of powers of two and no estimator it started from is better, with the range that f spans or can take. */
    @Test
    void noStartIsBetter() {
        for (Case one : cases()) {
            RealRange observed = one.summary().range();
            ConsumerRanges found = one.estimator().ranges(one.summary());
            double least = one.cost(found.input(), found.output());
            TabulatedError error = one.error();
            for (int lower = 0; lower <= 24; lower++) {
                for (int upper = 0; upper <= 24; upper++) {
                    RealRange input = RangeSearch.narrowed(observed, lower, upper);
                    TabulatedError.Sliced sliced = error.sliced(choose(input));
                    assertTrue(sliced.error(choose(sliced.span())) >= least, lower + " and " + upper);
                    if (one.codomain().isFinite()) {
                        assertTrue(sliced.error(choose(one.codomain())) >= least, lower + " and " + upper);
                    }
                }
            }
        }
    }

    /** No neighbour by the finest step is better: neither another output range, nor another input range. */
    @Test
    void noNeighbourIsBetter() {
        for (Case one : cases()) {
            RealRange observed = one.summary().range();
            ConsumerRanges found = one.estimator().ranges(one.summary());
            assertTrue(observed.min() <= found.input().min() && found.input().max() <= observed.max());
            double least = one.cost(found.input(), found.output());
            TabulatedError error = one.error();
            for (int i = -1; i <= 1; i++) {
                for (int j = -1; j <= 1; j++) {
                    RealRange output = RangeSearch.narrowed(found.output(), i * FINEST, j * FINEST);
                    assertTrue(one.cost(found.input(), output) >= least, "output " + i + " and " + j);
                    RealRange input = RangeSearch.narrowed(found.input(), i * FINEST, j * FINEST);
                    if (input.min() >= observed.min() && input.max() <= observed.max()) {
                        TabulatedError.Sliced sliced = error.sliced(choose(input));
                        assertTrue(sliced.error(choose(found.output())) >= least, "input " + i + " and " + j);
                        // The range itself may have been reached with its output as it was given.
                        assertTrue(sliced.error(choose(sliced.span())) >= least, "span " + i + " and " + j);
                    }
                }
            }
        }
    }

    @Test
    void bothRangesAreOneChoice() {
        Case one = cases().get(0);
        ConsumerAware estimator = one.estimator();
        ConsumerRanges ranges = estimator.ranges(one.summary());
        assertEquals(ranges.input(), estimator.estimate(one.summary()));
        assertEquals(new ChosenRange(ranges.input(), Optional.of(ranges.output())), estimator.choose(one.summary()));
        assertTrue(estimator.choosesOutput());
        assertSame(estimator, estimator.forOutputs());
        assertEquals("consumer", estimator.toString());
    }

    /** Steps as wide as all that matters leave no slope to descend: what is found is found among powers of two. */
    @Test
    void outliersDoNotHideTheRest() {
        ConsumerAware estimator = ConsumerAware.of(TANH, ONE, TYPE, SCHEME);
        RealRange found = estimator.withStarts(List.of()).estimate(FAR_OUTLIERS);
        assertTrue(found.min() > -10 && found.max() < 10, found.toString());
    }

    @Test
    void everyStartIsAsked() {
        HistogramSummary summary = data(1, 0);
        List<HistogramSummary> asked = new ArrayList<>();
        RangeEstimator start = observed -> {
            asked.add(observed);
            return observed.range();
        };
        ConsumerAware.of(TANH, ONE, TYPE, SCHEME)
                .withStarts(List.of(start, start))
                .ranges(summary);
        assertEquals(List.of(summary, summary), asked);
    }

    /** Where the output is given, its parameters are those that every table is judged by. */
    @Test
    void outputsThatAreGiven() {
        Case one = cases().get(0);
        QuantParams fixed = QuantScheme.FIXED.choose(ONE, TYPE);
        ConsumerAware given = one.estimator().withOutput(fixed);
        assertSame(fixed, given.output().apply(RealRange.of(-7, 9)));
        ConsumerAware computed = one.estimator().withOutput(range -> fixed);
        assertEquals(
                given.ranges(one.summary()).input(),
                computed.ranges(one.summary()).input());
        double least =
                one.error().sliced(choose(given.ranges(one.summary()).input())).error(fixed);
        RealRange observed = one.summary().range();
        for (int octave = 0; octave <= 24; octave++) {
            RealRange input = RangeSearch.narrowed(observed, octave, octave);
            assertTrue(one.error().sliced(choose(input)).error(fixed) >= least);
        }
        assertEquals(
                List.of(new MinMax()), given.withStarts(List.of(new MinMax())).starts());
        assertEquals(9, ConsumerAware.of(TANH, ONE, TYPE, SCHEME).starts().size());
    }

    /** A start outside of the data is left out; one that reaches beyond it counts for what it has inside. */
    @Test
    void startsOutsideOfTheData() {
        HistogramSummary summary = data(0.5, 20);
        Case one = new Case(x -> x, RealRange.ALL, summary);
        RealRange observed = summary.range();
        assertTrue(observed.min() > 5 && observed.max() < 40);
        ConsumerRanges without = one.estimator().withStarts(List.of()).ranges(summary);
        for (RangeEstimator outside : List.of(Fixed.of(-5, 5), Fixed.of(40, 50), Fixed.of(-1e30, 1e30))) {
            assertEquals(without, one.estimator().withStarts(List.of(outside)).ranges(summary), outside.toString());
        }
        // The last value before it is outside: a range that meets the data in one point is a start.
        for (RangeEstimator meeting :
                List.of(Fixed.of(observed.max(), observed.max() + 1), Fixed.of(0, observed.min()))) {
            ConsumerRanges ranges = one.estimator().withStarts(List.of(meeting)).ranges(summary);
            assertTrue(one.cost(ranges.input(), ranges.output()) <= one.cost(without.input(), without.output()));
        }
    }

    @Test
    void aCodomainWithoutACodeIsRefused() {
        HistogramSummary summary = HistogramLaws.summary(-1, 1);
        ConsumerAware nowhere = ConsumerAware.of(x -> x, RealRange.of(1000, 1000.5), TYPE, SCHEME)
                .withOutput(QuantParams.of(TYPE, 1, 0));
        assertEquals(
                "codomain must hold the value of an output code, was [1000.0, 1000.5]",
                assertThrows(IllegalArgumentException.class, () -> nowhere.ranges(summary))
                        .getMessage());
    }

    @Test
    void otherEstimatorsLeaveTheOutputsAlone() {
        HistogramSummary summary = HistogramLaws.summary(-1, 3);
        for (RangeEstimator estimator : List.of(new MinMax(), new AbsMax(), new Percentile(99), new Entropy())) {
            assertFalse(estimator.choosesOutput());
            assertEquals(new ChosenRange(estimator.estimate(summary), Optional.empty()), estimator.choose(summary));
            assertSame(estimator, estimator.forOutputs());
        }
        assertEquals(new MinMax(), Fixed.of(0, 1).forOutputs());
    }
}
