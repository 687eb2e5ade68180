// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.methods.TensorObserver;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.ChosenRange;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Evaluates every method on one tensor in two passes over its data: the first observes the input and the float output,
 * the second measures the ops that the methods lead to. Memory does not grow with the data, unless a method needs whole
 * batches.
 */
public final class TensorEvaluator {
    /** A method's table, and the sums of its errors. */
    private static final long METER_BYTES = 5 << 10;

    /** Objects around the arrays, the name, and what is written of the tensor. */
    private static final long OBJECT_BYTES = 4 << 10;

    private final String name;
    private final Optional<Activation> op;
    private final Activation function;
    private final List<Method> methods;
    private final ParameterRule rule;
    private final Profile profile;
    private TensorObserver input;
    private TensorObserver output;
    private final EvaluationRoom room;
    private final List<ErrorMeter> meters = new ArrayList<>();
    private HistogramSummary summary = HistogramSummary.EMPTY;
    private long overflows;

    /**
     * An evaluator of one tensor.
     *
     * @param op the op that reads it, where one is known
     * @param profile the engine whose arithmetic is followed
     * @param room to work in, for one evaluator after the other
     */
    public TensorEvaluator(
            String name,
            Optional<Activation> op,
            List<Method> methods,
            ParameterRule rule,
            Profile profile,
            EvaluationRoom room) {
        Given.require("name", name);
        Given.require("op", op);
        Given.require("methods", methods);
        Given.require("rule", rule);
        Given.require("profile", profile);
        Given.require("room", room);
        this.name = name;
        this.op = op;
        this.function = op.orElse(Activation.IDENTITY);
        this.methods = List.copyOf(methods);
        this.rule = rule;
        this.profile = profile;
        this.room = room;
        this.input = new TensorObserver(methods, room.inputObservers);
        this.output = learnsOutput(op, rule) ? new TensorObserver(methods, room.outputObservers) : null;
    }

    /**
     * Memory of an evaluator in bytes, in either pass, beside the {@link EvaluationRoom} and the arrays that are held
     * whole while they are observed; it does not grow with the data.
     */
    public static long bytes(Optional<Activation> op, List<Method> methods, ParameterRule rule) {
        Given.require("op", op);
        Given.require("methods", methods);
        Given.require("rule", rule);
        boolean learns = learnsOutput(op, rule);
        long observing = TensorObserver.bytes(methods) * (learns ? 2 : 1);
        long measuring = TensorSummary.VALUES_BYTES + methods.size() * METER_BYTES;
        return Math.max(observing, measuring) + OBJECT_BYTES;
    }

    /**
     * Refuses an op that the engine does not have for the rule's types, whatever its data: before any are read.
     *
     * @throws IllegalArgumentException as {@link QuantizedActivation#compile} does
     */
    public static void requireArithmetic(Optional<Activation> op, ParameterRule rule, Profile profile) {
        Given.require("op", op);
        Given.require("rule", rule);
        Given.require("profile", profile);
        Activation function = op.orElse(Activation.IDENTITY);
        QuantParams input = rule.choose(RealRange.of(0, 1));
        IllegalArgumentException refusal = null;
        // Some engines have an op for some ratios of the scales only: one that it has is enough.
        for (double most : new double[] {1, 64, 1.0 / 64}) {
            QuantParams output = rule.output(function, profile, input, RealRange.of(0, most));
            try {
                QuantizedActivation.compile(function, input, output, profile);
                return;
            } catch (IllegalArgumentException e) {
                refusal = refusal == null ? e : refusal;
            }
        }
        throw refusal;
    }

    /** How many arrays are held whole at a time where a method asks for batches: the input, and its outputs. */
    public static int batches(Optional<Activation> op, ParameterRule rule) {
        Given.require("op", op);
        Given.require("rule", rule);
        return learnsOutput(op, rule) ? 2 : 1;
    }

    /** First pass: an array begins, of samples of this many values; 0 where samples are not known. */
    public void begin(long sampleLength) {
        input.begin(sampleLength);
        if (output != null) {
            output.begin(sampleLength);
        }
    }

    /** First pass: observes the input, and the float output where its range is to be learnt. */
    public void observe(float[] block, int length) {
        named(() -> {
            input.observe(block, length);
            if (output != null) {
                for (int from = 0; from < length; from += EvaluationRoom.OUTPUTS) {
                    int n = Math.min(EvaluationRoom.OUTPUTS, length - from);
                    for (int i = 0; i < n; i++) {
                        room.outputs[i] = (float) function.value(block[from + i]);
                    }
                    output.observe(room.outputs, n);
                }
            }
        });
    }

    /** First pass: the array ends. */
    public void end() {
        named(() -> {
            input.end();
            if (output != null) {
                output.end();
            }
        });
    }

    /**
     * Between the passes: ends the first, whose room it shares with others. Then {@link #choose} may be called on any
     * thread, at the same time as that of others.
     */
    void endObserving() {
        input.summary();
        if (output != null) {
            output.summary();
        }
    }

    /**
     * Between the passes: chooses parameters by every method. The output parameters are the op's fixed ones, or come
     * from the float outputs by the same method; one that knows the op may choose both, a fixed range goes with all
     * the outputs.
     *
     * @throws IllegalStateException if the tensor has no finite value, or none with an output within the floats where
     *     that is to be learnt
     * @throws IllegalArgumentException if a method's range has no parameters under the rule
     */
    public void choose() {
        summary = input.summary();
        try {
            named(() -> {
                List<ErrorMeter> all = new ArrayList<>();
                methods.forEach(method -> all.add(meter(method)));
                meters.addAll(all);
            });
        } finally {
            // The second pass needs their memory.
            input = null;
            output = null;
        }
    }

    private ErrorMeter meter(Method method) {
        ChosenRange chosen = method.choose(input);
        RealRange outputRange = chosen.output().orElseGet(() -> outputRange(method));
        QuantParams params = rule.choose(chosen.input());
        QuantizedActivation quantized = compile(params, outputRange);
        if (chosen.output().isPresent() || !learnsOutput(op, rule)) {
            return new ErrorMeter(method, chosen.input(), outputRange, quantized);
        }
        RealRange best = OutputSearch.of(function, rule, profile, params).output(summary, chosen.input());
        return new ErrorMeter(method, chosen.input(), outputRange, quantized, best, compile(params, best));
    }

    private QuantizedActivation compile(QuantParams params, RealRange outputRange) {
        return QuantizedActivation.compile(
                function, params, rule.output(function, profile, params, outputRange), profile);
    }

    /** The range of the outputs by a method that chose that of the input alone. */
    private RealRange outputRange(Method method) {
        if (rule.fixedOutput(function).isPresent()) {
            return function.outputRange();
        }
        TensorObserver observed = output == null ? input : output;
        if (observed.summary().counts().finite() == 0) {
            throw new IllegalStateException(
                    "output of " + function + " must be within the floats for one value, was beyond for all");
        }
        return method.outputs(observed);
    }

    /** Second pass: measures. */
    public void measure(float[] block, int length) {
        Given.require("block", block);
        MeasuredBlock measured = room.measured;
        for (int done = 0; done < length; done += MeasuredBlock.LONGEST) {
            measured.fill(block, done, Math.min(length - done, MeasuredBlock.LONGEST), function);
            overflows += measured.length() - measured.valued();
            for (ErrorMeter meter : meters) {
                meter.add(measured);
            }
        }
    }

    /** The outcome, after both passes; without methods where {@link #choose} was refused. */
    public TensorResult result() {
        return new TensorResult(
                name,
                op,
                summary,
                OptionalLong.of(overflows),
                meters.stream().map(ErrorMeter::result).toList());
    }

    private static boolean learnsOutput(Optional<Activation> op, ParameterRule rule) {
        return op.isPresent() && rule.fixedOutput(op.get()).isEmpty();
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
