package dev.octant.cli.evaluate;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.RangeEstimator;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import dev.octant.ops.QuantizedActivation;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates every method on one tensor in two passes over its data: the first observes the input and the float output,
 * the second measures the ops that the methods lead to. Memory does not grow with the data.
 */
public final class TensorEvaluator {
    private final String name;
    private final Activation activation;
    private final Profile profile;
    private final HistogramObserver input = new HistogramObserver();
    private final HistogramObserver output = new HistogramObserver();
    private final float[] outputs;
    private final List<ErrorMeter> meters = new ArrayList<>();
    private HistogramSummary summary = HistogramSummary.EMPTY;

    /**
     * An evaluator of one tensor.
     *
     * @param profile the engine whose arithmetic is followed
     * @param blockLength the most values a pass will be given at a time
     */
    public TensorEvaluator(String name, Activation activation, Profile profile, int blockLength) {
        this.name = name;
        this.activation = activation;
        this.profile = profile;
        this.outputs = new float[blockLength];
    }

    /** First pass: observes the input, and the float output where its range is to be learnt. */
    public void observe(float[] block, int length) {
        input.observe(block, 0, length);
        if (!learnsOutput()) {
            return;
        }
        for (int i = 0; i < length; i++) {
            outputs[i] = (float) activation.value(block[i]);
        }
        output.observe(outputs, 0, length);
    }

    /**
     * Between the passes: chooses parameters by every method. The output parameters are the op's fixed ones, or come from
     * the float outputs by the same method.
     *
     * @throws IllegalStateException if the tensor has no finite value
     */
    public void choose(List<RangeEstimator> estimators, QuantType type, QuantScheme scheme) {
        summary = input.summary();
        HistogramSummary outputSummary = activation.kind() == ActivationKind.IDENTITY ? summary : output.summary();
        try {
            for (RangeEstimator method : estimators) {
                RealRange range = method.estimate(summary);
                QuantParams inputParams = scheme.choose(range, type);
                QuantParams outputParams = QuantizedActivation.keepsGrid(activation, profile)
                        ? inputParams
                        : activation
                                .fixedOutput(type)
                                .orElseGet(() -> scheme.choose(method.estimate(outputSummary), type));
                meters.add(new ErrorMeter(
                        method, range, QuantizedActivation.compile(activation, inputParams, outputParams, profile)));
            }
        } catch (IllegalStateException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }

    /** Second pass: measures. */
    public void measure(float[] block, int length) {
        for (int i = 0; i < length; i++) {
            float x = block[i];
            if (Float.isFinite(x)) {
                double y = activation.value(x);
                for (ErrorMeter meter : meters) {
                    meter.add(x, y);
                }
            }
        }
    }

    /** The outcome, after both passes. */
    public TensorResult result() {
        return new TensorResult(
                name,
                activation,
                summary,
                meters.stream().map(ErrorMeter::result).toList());
    }

    private boolean learnsOutput() {
        return activation.kind() != ActivationKind.IDENTITY
                && activation.fixedOutput(QuantType.INT8).isEmpty();
    }
}
