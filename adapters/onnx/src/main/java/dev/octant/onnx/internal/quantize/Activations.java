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
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final Session session;
    private final Map<String, HistogramObserver> inputs = new LinkedHashMap<>();
    private final Map<String, HistogramObserver> computed = new LinkedHashMap<>();
    private Map<String, HistogramSummary> known = Map.of();

    /**
     * Watches some values.
     *
     * @param session a session whose outputs include those of {@code values} that are no inputs
     * @param values all of float32
     * @param modelInputs the names of the model's inputs
     */
    public Activations(Session session, Set<String> values, Set<String> modelInputs) {
        this.session = session;
        for (String value : values) {
            (modelInputs.contains(value) ? inputs : computed).put(value, new HistogramObserver());
        }
    }

    /** Runs the model on a batch. */
    public void observe(Map<String, TensorValue> batch) throws IOException {
        inputs.forEach((name, observer) -> observer.observe(batch.get(name).floats()));
        if (!computed.isEmpty()) {
            session.run(
                    batch,
                    computed.keySet(),
                    (name, output) -> computed.get(name).observe(output.floats()));
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
