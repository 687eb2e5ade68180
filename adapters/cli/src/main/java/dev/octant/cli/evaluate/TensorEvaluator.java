package dev.octant.cli.evaluate;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.observers.ConsumerAware;
import dev.octant.observers.ConsumerRanges;
import dev.octant.observers.Fixed;
import dev.octant.observers.HistogramSummary;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import dev.octant.ops.QuantizedActivation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Evaluates every method on one tensor in two passes over its data: the first observes the input and the float output,
 * the second measures the ops that the methods lead to. Memory does not grow with the data, unless a method needs whole
 * batches.
 */
public final class TensorEvaluator {
    private final String name;
    private final Activation activation;
    private final List<Method> methods;
    private final ParameterRule rule;
    private final Profile profile;
    private final TensorObserver input;
    private final TensorObserver output;
    private final float[] outputs;
    private final MeasuredBlock measured = new MeasuredBlock();
    private final List<ErrorMeter> meters = new ArrayList<>();
    private HistogramSummary summary = HistogramSummary.EMPTY;
    private long overflows;

    /**
     * An evaluator of one tensor.
     *
     * @param activation the op that reads it
     * @param profile the engine whose arithmetic is followed
     * @param blockLength the most values a pass will be given at a time
     */
    public TensorEvaluator(
            String name,
            Activation activation,
            List<Method> methods,
            ParameterRule rule,
            Profile profile,
            int blockLength) {
        this.name = name;
        this.activation = activation;
        this.methods = List.copyOf(methods);
        this.rule = rule;
        this.profile = profile;
        this.input = new TensorObserver(methods);
        this.output = new TensorObserver(methods);
        this.outputs = new float[blockLength];
    }

    /** First pass: an array begins, of samples of this many values; 0 where samples are not known. */
    public void begin(long sampleLength) {
        input.begin(sampleLength);
        output.begin(sampleLength);
    }

    /** First pass: observes the input, and the float output where its range is to be learnt. */
    public void observe(float[] block, int length) {
        named(() -> {
            input.observe(block, length);
            if (learnsOutput()) {
                for (int i = 0; i < length; i++) {
                    outputs[i] = (float) activation.value(block[i]);
                }
                output.observe(outputs, length);
            }
        });
    }

    /** First pass: the array ends. */
    public void end() {
        named(() -> {
            input.end();
            if (learnsOutput()) {
                output.end();
            }
        });
    }

    /**
     * Between the passes: chooses parameters by every method. The output parameters are the op's fixed ones, or come from
     * the float outputs by the same method; a consumer-aware one chooses both, a fixed range goes with all the outputs.
     *
     * @throws IllegalStateException if the tensor has no finite value, or none with an output within the floats where that is
     *     to be learnt
     * @throws IllegalArgumentException if a method's range has no parameters under the rule
     */
    public void choose() {
        summary = input.summary();
        named(() -> {
            for (Method method : methods) {
                meters.add(meter(method));
            }
        });
    }

    private ErrorMeter meter(Method method) {
        if (method instanceof Method.OfHistogram of && of.estimator() instanceof ConsumerAware consumer) {
            ConsumerRanges ranges = consumer.ranges(summary);
            return meter(method, ranges.input(), ranges.output());
        }
        TensorObserver observed = activation.kind() == ActivationKind.IDENTITY ? input : output;
        RealRange range = method.range(input);
        if (rule.fixedOutput(activation).isPresent()) {
            return meter(method, range, activation.outputRange());
        }
        if (observed.summary().counts().finite() == 0) {
            throw new IllegalStateException(
                    "output of " + activation + " must be within the floats for one value, was beyond for all");
        }
        boolean fixed = method instanceof Method.OfHistogram of && of.estimator() instanceof Fixed;
        return meter(method, range, fixed ? observed.summary().range() : method.range(observed));
    }

    private ErrorMeter meter(Method method, RealRange range, RealRange outputRange) {
        QuantParams params = rule.choose(range);
        QuantParams outputParams = QuantizedActivation.keepsGrid(activation, profile)
                ? params
                : rule.fixedOutput(activation).orElseGet(() -> rule.choose(outputRange));
        return new ErrorMeter(
                method, range, outputRange, QuantizedActivation.compile(activation, params, outputParams, profile));
    }

    /** Second pass: measures. */
    public void measure(float[] block, int length) {
        for (int done = 0; done < length; done += MeasuredBlock.LONGEST) {
            measured.fill(block, done, Math.min(length - done, MeasuredBlock.LONGEST), activation);
            overflows += measured.length() - measured.valued();
            for (ErrorMeter meter : meters) {
                meter.add(measured);
            }
        }
    }

    /** The outcome, after both passes. */
    public TensorResult result() {
        return new TensorResult(
                name,
                activation,
                summary,
                OptionalLong.of(overflows),
                meters.stream().map(ErrorMeter::result).toList());
    }

    private boolean learnsOutput() {
        return activation.kind() != ActivationKind.IDENTITY
                && rule.fixedOutput(activation).isEmpty();
    }

    /** Puts the tensor's name in front of a refusal. */
    private void named(Runnable work) {
        try {
            work.run();
        } catch (IllegalStateException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
