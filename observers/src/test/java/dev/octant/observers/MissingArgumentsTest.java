// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.ChannelLayout;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.fixtures.NullArguments;
import dev.octant.observers.engines.NvidiaHistogramObserver;
import dev.octant.observers.engines.OnnxRuntimeHistogramObserver;
import dev.octant.observers.engines.OnnxRuntimeMagnitudeObserver;
import dev.octant.observers.engines.TorchHistogramObserver;
import dev.octant.observers.estimators.AbsMax;
import dev.octant.observers.estimators.Best;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.ConsumerRanges;
import dev.octant.observers.estimators.Density;
import dev.octant.observers.estimators.Divergence;
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.ExpectedError;
import dev.octant.observers.estimators.ExpectedOutputError;
import dev.octant.observers.estimators.Fixed;
import dev.octant.observers.estimators.MeanOfSamples;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MedianOfSamples;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import dev.octant.observers.estimators.RangeStability;
import dev.octant.observers.estimators.Saturation;
import dev.octant.observers.estimators.SquaredError;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every public method says in a sentence of its own which argument is missing. */
class MissingArgumentsTest {
    @Test
    void everyMethodNamesWhatIsMissing() {
        List<Class<?>> classes = new ArrayList<>(NullArguments.publicClasses(HistogramObserver.class));
        classes.addAll(List.of(Percentile.Bounds.class, Best.Rated.class, RangeStability.Verdict.class));
        ChannelLayout layout = new ChannelLayout(2, 1);
        QuantParams params = QuantParams.of(QuantType.INT8, 0.5f, 0);
        HistogramObserver observer = new HistogramObserver();
        observer.observe(new float[] {-1, 2});
        HistogramSummary seen = observer.summary();
        DoubleUnaryOperator function = x -> x;
        Function<RealRange, QuantParams> choice = range -> params;
        BiFunction<QuantParams, RealRange, QuantParams> output = (input, range) -> params;
        Best best = Best.of(function, RealRange.ALL, QuantType.INT8, QuantScheme.ASYMMETRIC);
        Density density = Density.ofPoints(new double[] {0}, new long[] {1});
        NullArguments.check(
                classes,
                new float[4],
                new int[] {2, 2},
                new double[1],
                new long[1],
                FloatBuffer.allocate(4),
                seen,
                ValueCounts.NONE,
                PerSampleSummary.EMPTY,
                new PerChannelMinMaxObserver(layout),
                new PerChannelMinMaxObserver(layout).summary(),
                new PerChannelHistogramObserver(layout, 16),
                new PerChannelHistogramObserver(layout, 16).summary(),
                observer,
                new MinMaxObserver(),
                new MovingAverageObserver(0.5f),
                new PerSampleObserver(4),
                new TorchHistogramObserver(),
                new NvidiaHistogramObserver(),
                new OnnxRuntimeHistogramObserver(128),
                new OnnxRuntimeMagnitudeObserver(99, 128),
                new DataInputStream(InputStream.nullInputStream()),
                new DataOutputStream(OutputStream.nullOutputStream()),
                layout,
                params,
                QuantType.INT8,
                QuantScheme.ASYMMETRIC,
                RealRange.UNIT,
                Optional.of(RealRange.UNIT),
                "text",
                List.of(),
                function,
                choice,
                output,
                new MinMax(),
                new AbsMax(),
                new Entropy(),
                new Fixed(RealRange.UNIT),
                new Percentile(99),
                new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC),
                new Saturation(QuantType.INT8, QuantScheme.ASYMMETRIC),
                ConsumerAware.of(function, RealRange.ALL, QuantType.INT8, QuantScheme.ASYMMETRIC),
                best,
                new MeanOfSamples(),
                new MedianOfSamples(),
                new RangeStability(),
                density,
                new SquaredError(density),
                new Divergence(new long[] {1}),
                ExpectedError.of(seen, params),
                ExpectedOutputError.of(seen, params, params, function, RealRange.ALL),
                new ConsumerRanges(RealRange.UNIT, RealRange.UNIT));
    }

    /** Lists that lack an element lack an argument. */
    @Test
    void elementsOfListsAreGiven() {
        refused("channel", () -> new PerChannelSummary(Arrays.asList(ValueCounts.NONE, null)));
        refused("channel", () -> new PerChannelHistogramSummary(Arrays.asList(HistogramSummary.EMPTY, null)));
        refused("range", () -> new RangeStability().judge(Arrays.asList(RealRange.UNIT, null)));
        ConsumerAware consumer = ConsumerAware.of(x -> x, RealRange.ALL, QuantType.INT8, QuantScheme.ASYMMETRIC);
        refused("start", () -> consumer.withStarts(Arrays.asList(new MinMax(), null)));
    }

    static Stream<Observer> observers() {
        ChannelLayout layout = new ChannelLayout(2, 1);
        return Stream.of(
                new HistogramObserver(),
                new MinMaxObserver(),
                new MovingAverageObserver(0.01f),
                new PerSampleObserver(4),
                new PerChannelMinMaxObserver(layout),
                new PerChannelHistogramObserver(layout, 256),
                new TorchHistogramObserver(),
                new NvidiaHistogramObserver());
    }

    @ParameterizedTest
    @MethodSource("observers")
    void valuesAreGiven(Observer observer) {
        refused("values", () -> observer.observe((float[]) null));
        refused("values", () -> observer.observe(null, 0, 0));
        refused("values", () -> observer.observe((FloatBuffer) null));
    }

    @Test
    void samplesAreGiven() {
        refused("histogram", () -> new PerSampleObserver(4).observeWith(null, new float[4], 0, 4, 4));
        refused("values", () -> new PerSampleObserver(4).observeWith(new HistogramObserver(), null, 0, 0, 4));
    }

    private static void refused(String what, Executable call) {
        assertEquals(
                what + " must be given, was null",
                assertThrows(NullPointerException.class, call).getMessage());
    }
}
