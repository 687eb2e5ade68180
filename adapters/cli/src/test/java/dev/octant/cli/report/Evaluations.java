// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.EvaluationRoom;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.TensorEvaluator;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import dev.octant.ops.Activation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Evaluations of data at hand, for the tests of the report. */
final class Evaluations {
    private Evaluations() {}

    static Evaluation of(QuantType type, QuantScheme scheme, List<TensorResult> tensors) {
        return new Evaluation(List.of("activations.npz"), rule(type, scheme), Profile.ONNX, Evidence.MEASURED, tensors);
    }

    static Evaluation of(TensorResult... tensors) {
        return of(QuantType.INT8, QuantScheme.ASYMMETRIC, List.of(tensors));
    }

    static ParameterRule rule(QuantType type, QuantScheme scheme) {
        return new ParameterRule(type, scheme, ParameterPolicy.OCTANT);
    }

    static List<Method> methods(QuantType type, QuantScheme scheme) {
        return Stream.of(new MinMax(), new Percentile(99.9), new Entropy(), new MeanSquaredError(type, scheme))
                .<Method>map(Method.OfHistogram::new)
                .toList();
    }

    static TensorResult tensor(String name, Activation op, float... data) {
        return tensor(name, op, QuantType.INT8, QuantScheme.ASYMMETRIC, data);
    }

    /** The identity stands for no op. */
    private static Optional<Activation> known(Activation op) {
        return Optional.of(op).filter(given -> !given.equals(Activation.IDENTITY));
    }

    /** All methods measured on the data; no method where no value is finite. */
    static TensorResult tensor(String name, Activation op, QuantType type, QuantScheme scheme, float... data) {
        TensorEvaluator evaluator = new TensorEvaluator(
                name, known(op), methods(type, scheme), rule(type, scheme), Profile.ONNX, new EvaluationRoom());
        evaluator.begin(data.length);
        evaluator.observe(data, data.length);
        evaluator.end();
        HistogramSummary summary = summary(data);
        if (summary.counts().finite() == 0) {
            return new TensorResult(name, known(op), summary, OptionalLong.of(0), List.of());
        }
        evaluator.choose();
        evaluator.measure(data, data.length);
        return evaluator.result();
    }

    static HistogramSummary summary(float... data) {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(data, 0, data.length);
        return observer.summary();
    }
}
