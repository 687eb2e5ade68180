// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.CodeRange;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Ranges chosen for the output, judged by the table that runs and the data it runs on. */
class ConsumerProperties {
    private static final QuantType TYPE = QuantType.INT8;
    private static final QuantScheme SCHEME = QuantScheme.ASYMMETRIC;
    private static final RealRange UPWARD = RealRange.of(0, Double.POSITIVE_INFINITY);

    private record Function(String name, DoubleUnaryOperator value, RealRange codomain) {}

    private static final Function SILU = new Function(
            "silu", x -> x / (1 + Math.exp(-x)), RealRange.of(-0.2784645427610738, Double.POSITIVE_INFINITY));
    private static final Function SIGMOID = new Function("sigmoid", x -> 1 / (1 + Math.exp(-x)), RealRange.UNIT);
    private static final Function TANH = new Function("tanh", Math::tanh, RealRange.of(-1, 1));
    private static final Function RELU = new Function("relu", x -> Math.max(0, x), UPWARD);

    private static final List<RangeEstimator> OTHERS = List.of(
            new MinMax(),
            new AbsMax(),
            new Percentile(99),
            new Percentile(99.9),
            new Percentile(99.99),
            new Percentile(99.999),
            new Entropy(),
            new Entropy(128),
            new MeanSquaredError(TYPE, SCHEME),
            new Saturation(TYPE, SCHEME));

    /** The pipeline by its definition, in a table. */
    private static double[] table(Function f, QuantParams input, QuantParams output) {
        CodeRange inside = output.codesWithin(f.codomain);
        double[] values = new double[input.type().levels()];
        for (int i = 0; i < values.length; i++) {
            float x = input.dequantize(input.type().low() + i);
            values[i] = output.dequantize(inside.clip(output.quantize((float) f.value.applyAsDouble(x))));
        }
        return values;
    }

    private static double outputSqnr(float[] values, Function f, QuantParams input, QuantParams output) {
        double[] table = table(f, input, output);
        double signal = 0;
        double noise = 0;
        for (float value : values) {
            double exact = f.value.applyAsDouble(value);
            double error = table[input.quantize(value) - input.type().low()] - exact;
            signal += exact * exact;
            noise += error * error;
        }
        return 10 * Math.log10(signal / noise);
    }

    /** One standard deviation of the mean squared error over its value, if the data were drawn again. */
    private static double spreadOfMeanSquare(float[] values, Function f, QuantParams input, QuantParams output) {
        double[] table = table(f, input, output);
        double squares = 0;
        double fourths = 0;
        for (float value : values) {
            double error = table[input.quantize(value) - input.type().low()] - f.value.applyAsDouble(value);
            squares += error * error;
            fourths += error * error * error * error;
        }
        return Math.sqrt(fourths / squares / squares - 1.0 / values.length);
    }

    /** The best of all other estimators, with any output range that suggests itself. */
    private static double bestOfOthers(float[] values, HistogramSummary summary, Function f) {
        float[] results = new float[values.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = (float) f.value.applyAsDouble(values[i]);
        }
        HistogramSummary resultSummary = HistogramLaws.summary(results);
        double best = Double.NEGATIVE_INFINITY;
        for (RangeEstimator other : OTHERS) {
            QuantParams input = SCHEME.choose(other.estimate(summary), TYPE);
            List<QuantParams> outputs = new ArrayList<>();
            outputs.add(SCHEME.choose(other.estimate(resultSummary), TYPE));
            outputs.add(SCHEME.choose(resultSummary.range(), TYPE));
            if (f.codomain.isFinite()) {
                outputs.add(SCHEME.choose(f.codomain, TYPE));
                outputs.add(QuantScheme.FIXED.choose(f.codomain, TYPE));
            }
            for (QuantParams output : outputs) {
                best = Math.max(best, outputSqnr(values, f, input, output));
            }
        }
        return best;
    }

    private static Map<String, float[]> synthetic(int n) {
        Random random = new Random(17);
        Map<String, float[]> data = new LinkedHashMap<>();
        for (String name : List.of("normal", "laplace", "bimodal", "outliers", "silu output", "wide")) {
            data.put(name, new float[n]);
        }
        for (int i = 0; i < n; i++) {
            double uniform = random.nextDouble() - 0.5;
            double gaussian = random.nextGaussian();
            data.get("normal")[i] = (float) (2 * gaussian);
            data.get("laplace")[i] = (float) (-2 * Math.signum(uniform) * Math.log(1 - 2 * Math.abs(uniform)));
            data.get("bimodal")[i] = (float) (gaussian + (uniform < 0 ? -4 : 4));
            data.get("outliers")[i] = (float) (gaussian * (random.nextInt(1000) == 0 ? 30 : 1));
            data.get("silu output")[i] = (float) SILU.value.applyAsDouble(3 * gaussian);
            data.get("wide")[i] = (float) (10 * gaussian);
        }
        return data;
    }

    private static float[] digits(String name) {
        try (InputStream in =
                ConsumerProperties.class.getResourceAsStream("/dev/octant/observers/digits/" + name + ".f32")) {
            byte[] bytes = in.readAllBytes();
            float[] values = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            return values;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The requirement: never below the best of the others by more than 0.05 dB, and above all of them somewhere. */
    private static double advantage(String name, float[] values, Function f) {
        HistogramSummary summary = HistogramLaws.summary(values);
        ConsumerRanges ranges =
                ConsumerAware.of(f.value, f.codomain, TYPE, SCHEME).ranges(summary);
        RealRange observed = summary.range();
        assertTrue(observed.min() <= ranges.input().min() && ranges.input().max() <= observed.max());
        QuantParams input = SCHEME.choose(ranges.input(), TYPE);
        QuantParams output = SCHEME.choose(ranges.output(), TYPE);
        double own = outputSqnr(values, f, input, output);
        double others = bestOfOthers(values, summary, f);
        assertTrue(own >= others - 0.05, f.name + " on " + name + ": " + own + " dB, others " + others + " dB");
        ExpectedOutputError expected = ExpectedOutputError.of(summary, input, output, f.value, f.codomain);
        double bound = 10 * Math.log10(1 + 4 * spreadOfMeanSquare(values, f, input, output));
        assertEquals(own, expected.outputSqnr(), bound, f.name + " on " + name);
        assertTrue(bound < 1, "a bound that says something, was " + bound);
        return own - others;
    }

    @Example
    void beatsAllOthersOnRealActivations() {
        double act = advantage("act", digits("act"), SILU);
        double b3 = advantage("b3_act", digits("b3_act"), SILU);
        double gate = advantage("gate_sig", digits("gate_sig"), SIGMOID);
        assertTrue(act > 1 && b3 > 0.3 && gate > 0, act + " " + b3 + " " + gate);
    }

    @Example
    void beatsAllOthersOnSyntheticData() {
        synthetic(40_000).forEach((name, values) -> {
            for (Function f : List.of(SILU, SIGMOID, TANH, RELU)) {
                assertTrue(advantage(name, values, f) > 0, f.name + " on " + name);
            }
        });
    }

    /** What saturates costs nothing: far outliers do not widen the range of a sigmoid. */
    @Example
    void saturatedValuesCostNothing() {
        float[] values = synthetic(20_000).get("normal");
        float[] spoiled = values.clone();
        for (int i = 0; i < 100; i++) {
            spoiled[i] = i % 2 == 0 ? 1000 : -1000;
        }
        ConsumerAware estimator = ConsumerAware.of(SIGMOID.value, SIGMOID.codomain, TYPE, SCHEME);
        RealRange range = estimator.estimate(HistogramLaws.summary(spoiled));
        assertTrue(range.min() > -8 && range.max() < 8, range.toString());
        assertTrue(new MeanSquaredError(TYPE, SCHEME)
                        .estimate(HistogramLaws.summary(spoiled))
                        .max()
                > 100);
    }

    @Example
    void fixedOutputParametersAreKept() {
        float[] values = synthetic(20_000).get("normal");
        HistogramSummary summary = HistogramLaws.summary(values);
        QuantParams output = QuantScheme.FIXED.choose(RealRange.UNIT, TYPE);
        ConsumerAware estimator = ConsumerAware.of(SIGMOID.value, SIGMOID.codomain, TYPE, SCHEME)
                .withOutput(output)
                .withStarts(List.of(new MinMax()));
        QuantParams input = SCHEME.choose(estimator.ranges(summary).input(), TYPE);
        for (RangeEstimator other : OTHERS) {
            double theirs = outputSqnr(values, SIGMOID, SCHEME.choose(other.estimate(summary), TYPE), output);
            assertTrue(outputSqnr(values, SIGMOID, input, output) >= theirs - 0.05, other.toString());
        }
    }

    /** On point masses the moments are no approximation: the model is the pipeline. */
    @Property(tries = 200)
    void errorOfPointsIsThatOfThePipeline(@ForAll Random random) {
        int n = 1 + random.nextInt(300);
        double[] places = random.doubles(n, -6, 8).sorted().distinct().toArray();
        long[] counts = random.longs(places.length, 1, 1000).toArray();
        Function f = List.of(SILU, SIGMOID, TANH, RELU).get(random.nextInt(4));
        QuantParams input = QuantParams.of(TYPE, (float) random.nextDouble(0.005, 0.05), random.nextInt(256) - 128);
        QuantParams output = SCHEME.choose(
                RealRange.of(-random.nextDouble(), random.nextDouble() * 5),
                random.nextBoolean() ? TYPE : QuantType.UINT8);
        double[] table = table(f, input, output);
        double expected = 0;
        for (int i = 0; i < places.length; i++) {
            double code = Math.rint(places[i] / input.scale()) + input.zeroPoint();
            int q = (int) Math.min(Math.max(code, -128), 127);
            double error = table[q + 128] - f.value.applyAsDouble(places[i]);
            expected += counts[i] * error * error;
        }
        TabulatedError error = new TabulatedError(Density.ofPoints(places, counts), f.value, f.codomain);
        TabulatedError.Sliced sliced = error.sliced(input);
        double total = sliced.error(output);
        assertEquals(expected, total, 1e-6);
        double clipped = sliced.clipped(output);
        assertTrue(clipped >= 0 && clipped <= total * (1 + 1e-12));
        assertTrue(error.leastClipped(input) <= total + 1e-6, "what prunes the search must be a lower bound");
    }

    @Example
    void roundingAndClippingAreToldApart() {
        HistogramSummary summary = HistogramLaws.summary(synthetic(50_000).get("normal"));
        QuantParams wide = SCHEME.choose(summary.range(), TYPE);
        ExpectedOutputError none = ExpectedOutputError.of(summary, wide, wide, x -> x, RealRange.ALL);
        assertEquals(0, none.clipping(), 1e-12);
        // The identity between equal grids is quantization alone.
        ExpectedError plain = ExpectedError.of(summary, wide);
        assertEquals(plain.total(), none.total(), 1e-9);
        // One signal is the exact sum of squares, the other that of values spread over bins of 1/1024 of the largest.
        assertEquals(none.inputSqnr(), none.outputSqnr(), 0.001);
        QuantParams narrow = SCHEME.choose(RealRange.of(-1, 1), TYPE);
        ExpectedOutputError much = ExpectedOutputError.of(summary, narrow, narrow, x -> x, RealRange.ALL);
        assertEquals(ExpectedError.of(summary, narrow).clipping(), much.clipping(), 1e-9);
        assertEquals(ExpectedError.of(summary, narrow).rounding(), much.rounding(), 1e-9);
        ExpectedOutputError zeros =
                ExpectedOutputError.of(HistogramLaws.summary(0, 0), narrow, narrow, x -> x, RealRange.ALL);
        assertEquals(Double.POSITIVE_INFINITY, zeros.outputSqnr());
    }

    @Example
    void whatCannotBeIsRefused() {
        ConsumerAware root = ConsumerAware.of(Math::sqrt, UPWARD, TYPE, SCHEME);
        assertThrows(IllegalArgumentException.class, () -> root.ranges(HistogramLaws.summary(-1, 1)));
        assertThrows(IllegalStateException.class, () -> root.ranges(HistogramSummary.EMPTY));
        ConsumerAware nowhere = ConsumerAware.of(x -> x, RealRange.of(1000, 1000.5), TYPE, SCHEME)
                .withOutput(QuantParams.of(TYPE, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> nowhere.ranges(HistogramLaws.summary(-1, 1)));
    }

    @Example
    void theSameSummaryGivesTheSameRanges() {
        HistogramSummary summary = HistogramLaws.summary(synthetic(40_000).get("laplace"));
        ConsumerAware estimator = ConsumerAware.of(SILU.value, SILU.codomain, TYPE, SCHEME);
        assertEquals(estimator.ranges(summary), estimator.ranges(summary));
    }
}
