// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;
import dev.octant.observers.estimators.RangeEstimator;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.lang3.Validate;

/**
 * A {@link HistogramObserver} for each tensor of a model, by name, and the way from there to a {@link
 * CalibrationTable}.
 *
 * <p>Memory is {@link HistogramObserver#BYTES} per tensor, however much is observed. Batches may have any shape.
 *
 * <p>Not thread safe: one calibrator per thread, then {@link #merge} their summaries into one.
 */
public final class Calibrator {
    private final Map<String, HistogramObserver> observers = new LinkedHashMap<>();

    /** A calibrator that has seen nothing. */
    public Calibrator() {}

    /**
     * The observer of a tensor, made when the name is new.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public HistogramObserver observer(String tensor) {
        requireName(tensor);
        return observers.computeIfAbsent(tensor, name -> new HistogramObserver());
    }

    private static void requireName(String tensor) {
        Given.require("tensor name", tensor);
        Validate.notBlank(tensor, "tensor name must not be blank, was '%s'", tensor);
    }

    /** Observes every value of the array. */
    public void observe(String tensor, float[] values) {
        Given.require("tensor", tensor);
        Given.require("values", values);
        observer(tensor).observe(values);
    }

    /**
     * Observes {@code values[offset .. offset + length)}.
     *
     * @throws IndexOutOfBoundsException if that is not inside the array; no tensor is made then
     */
    public void observe(String tensor, float[] values, int offset, int length) {
        Given.require("tensor", tensor);
        Given.require("values", values);
        Bounds.check("values", values, offset, length);
        observer(tensor).observe(values, offset, length);
    }

    /** Observes the remaining values of a buffer and moves its position to its limit. */
    public void observe(String tensor, FloatBuffer values) {
        Given.require("tensor", tensor);
        Given.require("values", values);
        observer(tensor).observe(values);
    }

    /** What was observed so far, in the order the tensors were met. */
    public Map<String, HistogramSummary> summaries() {
        Map<String, HistogramSummary> summaries = new LinkedHashMap<>();
        observers.forEach((tensor, observer) -> summaries.put(tensor, observer.summary()));
        return Collections.unmodifiableMap(summaries);
    }

    /**
     * Adds what another calibrator saw, on another thread or machine or in an earlier run.
     *
     * @throws IllegalArgumentException if a name is blank; nothing is added then
     */
    public void merge(Map<String, HistogramSummary> summaries) {
        Given.require("summaries", summaries);
        summaries.forEach((tensor, summary) -> {
            requireName(tensor);
            Given.require("summary", summary);
        });
        summaries.forEach((tensor, summary) -> observer(tensor).merge(summary));
    }

    /** The table for all tensors, by one estimator and {@link ParameterPolicy#OCTANT}. */
    public CalibrationTable table(RangeEstimator estimator, QuantType type, QuantScheme scheme) {
        return table(estimator, type, scheme, ParameterPolicy.OCTANT);
    }

    /**
     * The table for all tensors, by one estimator and an engine's rule for parameters.
     *
     * @throws IllegalStateException as {@link #table(Calibration)}
     * @throws IllegalArgumentException as {@link #table(Calibration)}
     */
    public CalibrationTable table(
            RangeEstimator estimator, QuantType type, QuantScheme scheme, ParameterPolicy policy) {
        Given.require("estimator", estimator);
        Given.require("type", type);
        Given.require("scheme", scheme);
        Given.require("policy", policy);
        return table(Calibration.by(estimator, new ParameterRule(type, scheme, policy), OpChoice.NONE));
    }

    /**
     * The table for all tensors.
     *
     * @throws IllegalStateException if nothing was observed, or a tensor has no finite value; its name in front
     * @throws IllegalArgumentException if the policy has no parameters for a range, or the method needs samples or
     *     batches in their order; the tensor's name in front
     */
    public CalibrationTable table(Calibration calibration) {
        Given.require("calibration", calibration);
        Validate.validState(!observers.isEmpty(), "calibrator must have observed a tensor, was empty");
        Map<String, TensorSummary> summaries = new LinkedHashMap<>();
        observers.forEach((tensor, observer) ->
                summaries.put(tensor, new TensorSummary(observer.summary(), PerSampleSummary.EMPTY)));
        return calibration.table(summaries);
    }
}
