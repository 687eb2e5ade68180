// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.CodeRange;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleObserver;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class BestTest {
    private static final QuantType TYPE = QuantType.INT8;
    private static final QuantScheme SCHEME = QuantScheme.ASYMMETRIC;
    private static final DoubleUnaryOperator TANH = Math::tanh;
    private static final RealRange CODOMAIN = RealRange.of(-1, 1);

    private static float[] laplace(int n) {
        Random random = new Random(23);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            double uniform = random.nextDouble() - 0.5;
            values[i] = (float) (-2 * Math.signum(uniform) * Math.log(1 - 2 * Math.abs(uniform)));
        }
        return values;
    }

    /** The SQNR of the table on the data itself. */
    private static double measured(float[] values, Best.Rated rated) {
        CodeRange inside = rated.output().codesWithin(CODOMAIN);
        double signal = 0;
        double noise = 0;
        for (float value : values) {
            float x = rated.input().dequantize(rated.input().quantize(value));
            double y = rated.output().dequantize(inside.clip(rated.output().quantize((float) TANH.applyAsDouble(x))));
            double exact = TANH.applyAsDouble(value);
            signal += exact * exact;
            noise += (y - exact) * (y - exact);
        }
        return 10 * Math.log10(signal / noise);
    }

    @Test
    void theEvidenceIsWhatTheDataShows() {
        float[] values = laplace(200_000);
        HistogramSummary summary = HistogramLaws.summary(values);
        Best best = Best.of(TANH, CODOMAIN, TYPE, SCHEME);
        List<Best.Rated> rated = best.rated(summary);
        assertEquals(best.candidates().size(), rated.size());
        Best.Rated highest = rated.get(0);
        double highestMeasured = Double.NEGATIVE_INFINITY;
        for (Best.Rated one : rated) {
            double sqnr = measured(values, one);
            assertEquals(sqnr, one.outputError().outputSqnr(), 0.1, one.toString());
            highest = sqnr > highestMeasured ? one : highest;
            highestMeasured = Math.max(highestMeasured, sqnr);
        }
        assertEquals(highest.estimator(), best.winner(summary).estimator());
        assertTrue(highest.estimator() instanceof ConsumerAware, "what saturates costs nothing");
        assertEquals(highest.ranges().input(), best.estimate(summary));
    }

    /** Without a function that saturates, the least squared error is the best there is. */
    @Test
    void forTheIdentityTheLeastSquaredErrorWins() {
        HistogramSummary summary = HistogramLaws.summary(laplace(50_000));
        Best best = new Best(
                x -> x,
                RealRange.ALL,
                range -> SCHEME.choose(range, TYPE),
                (params, range) -> params,
                List.of(new MinMax(), new Percentile(99), new MeanSquaredError(TYPE, SCHEME), new AbsMax()));
        Best.Rated winner = best.winner(summary);
        assertEquals("mse", winner.estimator().toString());
        assertEquals(winner.input(), winner.output());
        assertEquals(winner.inputError().total(), winner.outputError().total(), 1e-9);
        assertEquals("best", best.toString());
    }

    @Test
    void theFirstOfEqualsWins() {
        Best best = new Best(
                x -> x,
                RealRange.ALL,
                range -> SCHEME.choose(range, TYPE),
                (params, range) -> params,
                List.of(Fixed.of(-1, 2), new MinMax(), Fixed.of(-1, 2)));
        HistogramSummary summary = HistogramLaws.summary(-1, 0.3f, 2);
        assertEquals("fixed=-1,2", best.winner(summary).estimator().toString());
        assertEquals(
                "minmax",
                new Best(
                                best.function(),
                                best.codomain(),
                                best.input(),
                                best.output(),
                                List.of(new MinMax(), Fixed.of(-1, 2)))
                        .winner(summary)
                        .estimator()
                        .toString());
    }

    @Test
    void badArguments() {
        Best best = Best.of(TANH, CODOMAIN, TYPE, SCHEME);
        assertThrows(IllegalStateException.class, () -> best.estimate(HistogramSummary.EMPTY));
        assertEquals(
                "candidates must be at least one, was none",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Best(TANH, CODOMAIN, best.input(), best.output(), List.of()))
                        .getMessage());
    }

    @Test
    void aSampleMayBeGivenByItsCounts() {
        PerSampleObserver whole = new PerSampleObserver();
        PerSampleObserver counted = new PerSampleObserver();
        for (float[] sample : new float[][] {{1, -2, Float.NaN}, {}, {Float.NaN}, {5, 6, 0}}) {
            whole.observe(sample);
            counted.observe(HistogramLaws.counts(sample));
        }
        assertEquals(whole.summary(), counted.summary());
    }
}
