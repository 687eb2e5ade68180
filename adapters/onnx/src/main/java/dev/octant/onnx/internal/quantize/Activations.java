// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.ValueCounts;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * Watches the activations of a model while it runs.
 *
 * <p>Memory: {@link HistogramObserver#BYTES} for each value that is watched, and one value of one batch; the
 * activations of the batch are ONNX Runtime's. Not thread safe.
 */
public final class Activations {
    /** Of a tensor without elements, for which any range will do. */
    private static final RealRange NOTHING = new RealRange(0, 0);

    private static final Set<OnnxType> FLOATS = Set.of(OnnxType.FLOAT16, OnnxType.FLOAT32, OnnxType.FLOAT64);

    private final Session session;
    private final Map<String, HistogramObserver> inputs = new LinkedHashMap<>();
    private final Map<String, HistogramObserver> computed = new LinkedHashMap<>();

    /** Inputs and outputs of the model that are not watched beyond that. */
    private final Map<String, Spread> ends = new LinkedHashMap<>();

    /** What had no elements in some batch. */
    private final Set<String> empty = new HashSet<>();

    private Map<String, HistogramSummary> known = Map.of();

    /**
     * Watches some values.
     *
     * @param session a session whose outputs include those of {@code values} that are no inputs
     * @param values all of float32
     * @param modelInputs the names of the model's inputs
     * @param modelOutputs the names of its outputs
     */
    public Activations(Session session, Set<String> values, Set<String> modelInputs, Set<String> modelOutputs)
            throws IOException {
        this.session = session;
        for (String value : values) {
            (modelInputs.contains(value) ? inputs : computed).put(value, new HistogramObserver());
        }
        Map<String, OnnxType> types = session.outputTypes();
        modelInputs.stream().filter(input -> !inputs.containsKey(input)).forEach(this::addEnd);
        modelOutputs.stream()
                .filter(output -> FLOATS.contains(types.get(output)) && !computed.containsKey(output))
                .forEach(this::addEnd);
    }

    private void addEnd(String name) {
        ends.put(name, new Spread());
    }

    /** Runs the model on a batch. */
    public void observe(Map<String, TensorValue> batch) throws IOException {
        inputs.forEach(
                (name, observer) -> observe(name, observer, batch.get(name).floats()));
        Set<String> asked = new LinkedHashSet<>(computed.keySet());
        for (Map.Entry<String, Spread> end : ends.entrySet()) {
            if (batch.containsKey(end.getKey())) {
                end.getValue().add(batch.get(end.getKey()));
            } else if (!end.getValue().isVaried()) {
                asked.add(end.getKey());
            }
        }
        if (!asked.isEmpty()) {
            session.run(batch, asked, this::observe);
        }
    }

    private void observe(String name, Session.Output output) throws IOException {
        HistogramObserver observer = computed.get(name);
        if (observer == null) {
            ends.get(name).add(output.value());
        } else {
            observe(name, observer, output.floats());
        }
    }

    private void observe(String name, HistogramObserver observer, float[] values) {
        observer.observe(values);
        if (values.length == 0) {
            empty.add(name);
        }
    }

    /** The values that are watched and had no elements in some batch; of summaries, those that never had any. */
    Set<String> empty() {
        Set<String> all = new HashSet<>(empty);
        known.forEach((name, summary) -> {
            boolean isWatched = inputs.containsKey(name) || computed.containsKey(name);
            if (isWatched && summary.counts().count() == 0) {
                all.add(name);
            }
        });
        return all;
    }

    /**
     * What was one number in all that was seen, by name: of the values that are watched, and of the inputs and the
     * float outputs of the model. Of summaries, as far as they tell.
     */
    public Map<String, Double> constants() {
        Map<String, Double> constants = new LinkedHashMap<>();
        inputs.forEach((name, observer) -> addConstant(name, observer, constants));
        ends.forEach((name, spread) -> {
            HistogramSummary summary = known.get(name);
            if (summary != null) {
                addConstant(name, summary, constants);
            } else {
                spread.constant().ifPresent(number -> constants.put(name, number));
            }
        });
        computed.forEach((name, observer) -> addConstant(name, observer, constants));
        return constants;
    }

    private void addConstant(String name, HistogramObserver observer, Map<String, Double> constants) {
        addConstant(name, known.isEmpty() ? observer.summary() : known.get(name), constants);
    }

    private static void addConstant(String name, HistogramSummary summary, Map<String, Double> constants) {
        ValueCounts counts = summary.counts();
        if (counts.count() > 0 && counts.finite() == counts.count() && counts.min() == counts.max()) {
            constants.put(name, (double) counts.min());
        }
    }

    /** Whether numbers differ, and the one that they are if not. */
    private static final class Spread {
        private double first = Double.NaN;
        private boolean isVaried;

        void add(TensorValue value) {
            if (isVaried) {
                return;
            }
            for (double number : value.doubles()) {
                first = Double.isNaN(first) ? number : first;
                // NaN and infinities are told apart elsewhere.
                isVaried |= !(number == first) || !Double.isFinite(number);
            }
        }

        boolean isVaried() {
            return isVaried;
        }

        OptionalDouble constant() {
            return isVaried || Double.isNaN(first) ? OptionalDouble.empty() : OptionalDouble.of(first);
        }
    }

    /**
     * Takes what was seen of the values elsewhere.
     *
     * @throws FormatException if one of them is missing
     */
    public void take(Map<String, HistogramSummary> summaries) throws FormatException {
        for (Map<String, HistogramObserver> observers : List.of(inputs, computed)) {
            for (String value : observers.keySet()) {
                if (!summaries.containsKey(value)) {
                    throw new FormatException(session.place() + ": summaries must hold the activations of "
                            + VisibleText.of(value) + ", which this target asks for, was without");
                }
            }
        }
        known = Map.copyOf(summaries);
    }

    /**
     * The range of each value, chosen from what was seen.
     *
     * @param estimators how, by value
     * @throws FormatException if a value was NaN, or never finite
     */
    public Map<String, RealRange> ranges(Function<String, RangeEstimator> estimators) throws FormatException {
        Map<String, RealRange> ranges = new LinkedHashMap<>();
        for (Map<String, HistogramObserver> observers : List.of(inputs, computed)) {
            for (Map.Entry<String, HistogramObserver> observer : observers.entrySet()) {
                HistogramSummary summary =
                        known.isEmpty() ? observer.getValue().summary() : known.get(observer.getKey());
                requireNumbers(observer.getKey(), summary.counts());
                ranges.put(
                        observer.getKey(),
                        summary.counts().count() == 0
                                ? NOTHING
                                : estimators.apply(observer.getKey()).estimate(summary));
            }
        }
        return ranges;
    }

    private void requireNumbers(String value, ValueCounts counts) throws FormatException {
        if (counts.nan() > 0 || (counts.finite() == 0 && counts.count() > 0)) {
            throw new FormatException(session.place() + ": activations of " + VisibleText.of(value)
                    + " must be numbers on the calibration data, were " + counts.nan() + " times NaN, "
                    + (counts.positiveInfinities() + counts.negativeInfinities()) + " times infinite and "
                    + counts.finite() + " times finite");
        }
    }
}
