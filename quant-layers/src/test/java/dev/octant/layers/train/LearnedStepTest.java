// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.estimators.MinMax;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that learn: where they settle, what they never become, what they are refused. */
class LearnedStepTest {
    private static final CodeRange INT4 = new CodeRange(-8, 7);

    /** Uniform ones are evenly spaced: around their best step the error is so flat that chance would move it. */
    private static float[] data(String kind, int length) {
        Random random = new Random(11);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float)
                    switch (kind) {
                        case "normal" -> random.nextGaussian();
                        case "laplace" -> Math.log(1 - random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
                        default -> (2 * i + 1.0) / length - 1;
                    };
        }
        return values;
    }

    private static CodeRange bits(int bits) {
        return new CodeRange(-(1 << (bits - 1)), (1 << (bits - 1)) - 1);
    }

    /**
     * Gradient descent on the squared error itself, which has a least step to compare with. The rate falls, so that a
     * move is first a third and at last a thousandth of the step.
     */
    private static LearnedStep trained(LearnedStep step, float[] x) {
        float[] y = new float[x.length];
        float[] dy = new float[x.length];
        float[] dx = new float[x.length];
        for (double part = 0.33; part > 1e-3; part *= 0.85) {
            FakeQuantizer quantizer = step.quantizer();
            quantizer.forward(x, 0, y, 0, x.length);
            for (int i = 0; i < x.length; i++) {
                dy[i] = 2 * (y[i] - x[i]);
            }
            StepGradient gradient = quantizer.gradient();
            quantizer.backward(x, 0, dy, 0, dx, 0, x.length, gradient);
            double move = step.gradientScale() * gradient.scale(0);
            if (move == 0) {
                break;
            }
            step = step.minus(gradient, part * step.scale(0) / Math.abs(move));
        }
        return step;
    }

    private static double squares(float[] x, FakeQuantizer quantizer) {
        float[] y = new float[x.length];
        quantizer.forward(x, 0, y, 0, x.length);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "normal, 2", "normal, 3", "normal, 4", "normal, 5", "normal, 6", "normal, 7", "normal, 8",
        "laplace, 2", "laplace, 3", "laplace, 4", "laplace, 5", "laplace, 6", "laplace, 7", "laplace, 8",
        "uniform, 2", "uniform, 3", "uniform, 4", "uniform, 5", "uniform, 6", "uniform, 7", "uniform, 8"
    })
    void settlesNearTheLeastSquaredErrorFromThreeStarts(String kind, int bits) {
        float[] x = data(kind, 20_000);
        CodeRange codes = bits(bits);
        float best = StepStart.LEAST_SQUARES.step(x, 0, x.length, codes);
        double least = squares(x, FakeQuantizer.of(codes, best, 0, Profile.ONNX));
        for (StepStart start : List.of(StepStart.MEAN_MAGNITUDE, StepStart.DEVIATION, StepStart.LARGEST)) {
            LearnedStep step = trained(LearnedStep.ofWeights(x, codes, start), x);
            double ratio = squares(x, step.quantizer()) / least;
            String where = kind + ", " + codes + " from " + start + ": error " + ratio + " of the least, step "
                    + step.scale(0) / best + " of the best";
            assertTrue(ratio <= 1.02, where);
            if (bits >= 3) {
                assertEquals(1, step.scale(0) / best, 0.05, where);
            }
        }
    }

    /** A zero point that learns finds data that lies to one side. */
    @Test
    void aZeroPointLearns() {
        float[] x = data("normal", 8_000);
        for (int i = 0; i < x.length; i++) {
            x[i] += 1.5f;
        }
        LearnedStep step = LearnedStep.affine(INT4, 0.4f, 0, x.length);
        double before = squares(x, step.quantizer());
        float[] y = new float[x.length];
        float[] dy = new float[x.length];
        for (int round = 0; round < 300; round++) {
            FakeQuantizer quantizer = step.quantizer();
            quantizer.forward(x, 0, y, 0, x.length);
            for (int i = 0; i < x.length; i++) {
                dy[i] = 2 * (y[i] - x[i]);
            }
            StepGradient gradient = quantizer.gradient();
            quantizer.backward(x, 0, dy, 0, new float[x.length], 0, x.length, gradient);
            step = step.minus(gradient, 0.03);
        }
        assertTrue(step.zeroPoint(0) < -1, "zero point " + step.zeroPoint(0));
        double after = squares(x, step.quantizer());
        assertTrue(after < before / 2, before + " to " + after);
        assertEquals(Math.rint(step.zeroPoint(0)), step.quantizer().zeroPoint(0));
    }

    /** Channels learn scale and zero point as each would alone. */
    @Test
    void zeroPointsOfChannelsLearnEachForItself() {
        ChannelLayout layout = new ChannelLayout(2, 3000);
        float[] x = data("normal", 6000);
        for (int i = 0; i < x.length; i++) {
            x[i] = i < 3000 ? x[i] + 1.5f : 0.3f * x[i] - 2;
        }
        LearnedStep both = LearnedStep.affine(layout, INT4, new float[] {0.4f, 0.2f}, new float[] {0.4f, -1}, 3000);
        LearnedStep[] alone = {LearnedStep.affine(INT4, 0.4f, 0.4f, 3000), LearnedStep.affine(INT4, 0.2f, -1, 3000)};
        for (int round = 0; round < 20; round++) {
            StepGradient together = gradient(both.quantizer(), x);
            both = both.minus(together, 0.03);
            for (int c = 0; c < 2; c++) {
                float[] part = Arrays.copyOfRange(x, 3000 * c, 3000 * (c + 1));
                alone[c] = alone[c].minus(gradient(alone[c].quantizer(), part), 0.03);
                assertEquals(alone[c].scale(0), both.scale(c));
                assertEquals(alone[c].zeroPoint(0), both.zeroPoint(c));
            }
        }
        assertTrue(both.isAffine());
        assertEquals(
                "zero point must be within -8..7, was 8.0",
                refusal(() -> LearnedStep.affine(layout, INT4, new float[] {1, 1}, new float[] {0, 8}, 1)));
        assertEquals(
                "zero points must be one for each of 2 channels, were 1",
                refusal(() -> LearnedStep.affine(layout, INT4, new float[] {1, 1}, new float[1], 1)));
    }

    private static StepGradient gradient(FakeQuantizer quantizer, float[] x) {
        float[] y = new float[x.length];
        quantizer.forward(x, 0, y, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            y[i] = 2 * (y[i] - x[i]);
        }
        StepGradient gradient = quantizer.gradient();
        quantizer.backward(x, 0, y, 0, y, 0, x.length, gradient);
        return gradient;
    }

    @Test
    void equalStepsAreEqual() {
        LearnedStep step = LearnedStep.affine(INT4, 0.4f, 0.25f, 3000);
        assertEquals(step, LearnedStep.affine(INT4, 0.4f, 0.25f, 3000));
        assertEquals(
                step.hashCode(), LearnedStep.affine(INT4, 0.4f, 0.25f, 3000).hashCode());
        for (LearnedStep other : new LearnedStep[] {
            LearnedStep.affine(INT4, 0.5f, 0.25f, 3000),
            LearnedStep.affine(INT4, 0.4f, 0.3f, 3000),
            LearnedStep.affine(INT4, 0.4f, 0.25f, 3001),
            LearnedStep.affine(new CodeRange(-8, 8), 0.4f, 0.25f, 3000),
            LearnedStep.symmetric(INT4, 0.4f, 3000),
            step.as(Profile.PYTORCH)
        }) {
            assertNotEquals(step, other);
        }
    }

    @Test
    void aScaleStaysAPositiveNormalFloat() {
        LearnedStep step = LearnedStep.symmetric(INT4, 1, 1);
        StepGradient gradient = step.quantizer().gradient();
        step.quantizer().backward(new float[] {100}, 0, new float[] {1}, 0, new float[1], 0, 1, gradient);
        assertEquals(7, gradient.scale(0));
        assertEquals(Float.MIN_NORMAL, step.minus(gradient, 1e30).scale(0));
        assertEquals(Float.MAX_VALUE / 8, step.minus(gradient, -1e60).scale(0));
        assertEquals(1 - 0.7 / Math.sqrt(7), step.minus(gradient, 0.1).scale(0), 1e-6);
    }

    @Test
    void starts() {
        float[] values = {1, -3, 2, Float.NaN, Float.POSITIVE_INFINITY, 0, 2};
        CodeRange codes = new CodeRange(-4, 3);
        assertEquals((float) (2 * 8 / 5.0 / Math.sqrt(3)), StepStart.MEAN_MAGNITUDE.step(values, 0, 7, codes));
        assertEquals(1, StepStart.LARGEST.step(values, 0, 7, codes));
        double mean = 2 / 5.0;
        double sigma = Math.sqrt((1 + 9 + 4 + 4) / 5.0 - mean * mean);
        assertEquals((mean + 3 * sigma) / 4, StepStart.DEVIATION.step(values, 0, 7, codes), 1e-6);
        for (StepStart start : StepStart.values()) {
            assertEquals(1, start.step(new float[3], 0, 3, codes), "of zeros");
            assertEquals(
                    "values must hold a finite one, were 1 without one",
                    refusal(() -> start.step(new float[] {Float.NaN}, 0, 1, codes)));
        }
        LearnedStep rows = LearnedStep.ofRows(new float[] {1, 2, 3, -6}, 2, codes, StepStart.LARGEST);
        assertEquals(2 / 3f, rows.scale(0));
        assertEquals(2, rows.scale(1));
        assertEquals(2, rows.quantizer().channels());
    }

    /** Beside every step of a fine scan; what is not few values is within 2 % of the least. */
    @Test
    void leastSquaresOfRowsOfEveryLength() {
        Random random = new Random(3);
        for (int trial = 0; trial < 112; trial++) {
            int length = trial < 100 ? 4 + random.nextInt(60) : 200 + random.nextInt(800);
            CodeRange codes = trial % 10 == 9 ? new CodeRange(0, 15) : bits(2 + random.nextInt(trial < 100 ? 4 : 7));
            float[] x = new float[length];
            double largest = 0;
            for (int i = 0; i < length; i++) {
                double value = random.nextGaussian();
                // Rows of few values that are often the same have their step above the largest value's.
                x[i] = (float) (trial % 7 == 6 ? Math.rint(value * 2) * 1.1 : value);
                largest = Math.max(largest, Math.abs(x[i]));
            }
            double found = squares(x, codes, StepStart.LEAST_SQUARES.step(x, 0, length, codes));
            double least = Double.POSITIVE_INFINITY;
            for (double step = 2 * largest; step > largest / codes.high() / 64; step *= 0.999) {
                least = Math.min(least, squares(x, codes, step));
            }
            boolean few = length * Math.max(codes.high(), -codes.low()) <= 32_768;
            double bound = least * (few ? 1 + 1e-6 : 1.02) + 1e-10 * largest * largest * length;
            assertTrue(found <= bound, length + " values on " + codes + ": " + found + ", least " + least);
        }
    }

    /** In double, from the definition. */
    private static double squares(float[] x, CodeRange codes, double step) {
        double sum = 0;
        for (float value : x) {
            double y = step * Math.min(Math.max(Math.rint(value / step), codes.low()), codes.high());
            sum += (value - y) * (value - y);
        }
        return sum;
    }

    @Test
    void leastSquaresOfOddRows() {
        CodeRange codes = new CodeRange(-8, 7);
        float[] negative = {-8, -7, -3, -1};
        assertEquals(1, StepStart.LEAST_SQUARES.step(negative, 0, 4, codes), 1e-6);
        float[] same = {1, -1, 1, 1};
        assertEquals(0, squares(same, codes, StepStart.LEAST_SQUARES.step(same, 0, 4, codes)), 1e-12);
        float[] below = {-1, -2};
        assertTrue(StepStart.LEAST_SQUARES.step(below, 0, 2, new CodeRange(0, 15)) > 0, "of no codes");
        float[] mixed = {Float.NaN, 3, Float.NEGATIVE_INFINITY, -6, 1e-40f};
        assertEquals(0, squares(new float[] {3, -6}, codes, StepStart.LEAST_SQUARES.step(mixed, 0, 5, codes)), 1e-12);
        float[] tiny = {1e-44f, -3e-44f};
        assertEquals(Float.MIN_NORMAL, StepStart.LEAST_SQUARES.step(tiny, 0, 2, codes));
        float[] huge = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE / 2};
        assertTrue(Float.isFinite(StepStart.LEAST_SQUARES.step(huge, 0, 3, codes)));
    }

    @Test
    void rangesAndEstimators() {
        LearnedStep step = LearnedStep.ofRange(RealRange.of(-1, 2), new CodeRange(0, 255), true, 10);
        assertEquals(3 / 255f, step.scale(0));
        assertEquals(85, step.quantizer().zeroPoint(0));
        assertEquals(
                QuantParams.of(QuantType.UINT8, 3 / 255f, 85), step.freeze().params());
        assertEquals(
                2 / 7f,
                LearnedStep.ofRange(RealRange.of(-1, 2), INT4, false, 10).scale(0));
        HistogramObserver observer = new HistogramObserver();
        observer.observe(new float[] {-1, 0.5f, 2});
        LearnedStep observed = LearnedStep.ofSummary(observer.summary(), new MinMax(), INT4, false, 10);
        assertEquals(2 / 7f, observed.scale(0));
        assertEquals(
                QuantParams.of(QuantType.INT8, 2 / 7f, 0), observed.quantizer().stored(0));
    }

    /** Ends without codes on their side do not stretch the step. */
    @Test
    void codesWithoutNegativesSpanTheUpperEnd() {
        for (CodeRange codes : new CodeRange[] {new CodeRange(0, 15), new CodeRange(0, 255), new CodeRange(0, 3)}) {
            float expected = 3f / codes.high();
            for (float low : new float[] {-3, -300, -0.01f, 0}) {
                RealRange range = RealRange.of(low, 3);
                assertEquals(
                        expected, LearnedStep.ofRange(range, codes, false, 10).scale(0), codes + ", " + range);
                float[] values = {low, 3, low / 2};
                HistogramObserver observer = new HistogramObserver();
                observer.observe(values);
                LearnedStep step = LearnedStep.ofSummary(observer.summary(), new MinMax(), codes, false, 10);
                assertEquals(expected, step.scale(0));
                assertEquals(expected, StepStart.LARGEST.step(values, 0, 3, codes));
                assertEquals((float) (2 / Math.sqrt(codes.high())), StepStart.MEAN_MAGNITUDE.step(values, 0, 3, codes));
            }
            assertEquals(
                    1, LearnedStep.ofRange(RealRange.of(0, 0), codes, false, 1).scale(0));
            assertEquals(
                    "range must reach above 0 where no code is negative, was " + RealRange.of(-3, -1),
                    refusal(() -> LearnedStep.ofRange(RealRange.of(-3, -1), codes, false, 1)));
        }
        assertEquals(
                4 / 8f, LearnedStep.ofRange(RealRange.of(-4, 1), INT4, false, 1).scale(0));
        CodeRange few = new CodeRange(-1, 7);
        assertEquals(4, LearnedStep.ofRange(RealRange.of(-4, 7), few, false, 1).scale(0));
    }

    @Test
    void refusals() {
        LearnedStep step = LearnedStep.symmetric(INT4, 1, 1);
        StepGradient gradient = step.quantizer().gradient();
        float[] nan = {Float.NaN};
        step.quantizer().backward(new float[] {100}, 0, nan, 0, new float[1], 0, 1, gradient);
        assertEquals(
                "gradient of the scale must be finite, was NaN at channel 0", refusal(() -> step.minus(gradient, 1)));
        assertEquals("rate must be finite, was NaN", refusal(() -> step.minus(gradient, Double.NaN)));
        StepGradient foreign = LearnedStep.symmetric(INT4, 2, 1).quantizer().gradient();
        assertTrue(refusal(() -> step.minus(foreign, 1)).startsWith("gradient must be of "));
        assertEquals(
                "weights must be at least one, were none",
                refusal(() -> LearnedStep.ofWeights(new float[0], INT4, StepStart.LARGEST)));
        assertEquals(
                "weights must be as many in each of 2 rows, were 3",
                refusal(() -> LearnedStep.ofRows(new float[3], 2, INT4, StepStart.LARGEST)));
        assertEquals(
                "row 1 of the weights must hold a finite one, its 2 hold none",
                refusal(() ->
                        LearnedStep.ofRows(new float[] {1, 2, Float.NaN, 1 / 0f, 3, 4}, 3, INT4, StepStart.LARGEST)));
        assertEquals(
                "highest code must be positive, was 0",
                refusal(() -> LearnedStep.symmetric(new CodeRange(-3, 0), 1, 1)));
        assertEquals("elements must be positive, were 0", refusal(() -> LearnedStep.symmetric(INT4, 1, 0)));
        assertEquals("zero point must be within -8..7, was 8.0", refusal(() -> LearnedStep.affine(INT4, 1, 8, 1)));
        assertEquals("zero point must be within -8..7, was NaN", refusal(() -> LearnedStep.affine(INT4, 1, nan[0], 1)));
        LearnedStep rows = LearnedStep.ofRows(new float[] {1, 2}, 2, INT4, StepStart.LARGEST);
        assertEquals(
                "step must be one for the whole tensor, is one for each of 2 channels",
                assertThrows(IllegalStateException.class, rows::freeze).getMessage());
        assertFalse(rows.isAffine());
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
