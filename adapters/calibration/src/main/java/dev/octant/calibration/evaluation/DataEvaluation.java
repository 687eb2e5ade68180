// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodNeeds;
import dev.octant.calibration.methods.MethodSet;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.Heap;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.calibration.run.TensorWork;
import dev.octant.core.Profile;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.Named;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.apache.commons.lang3.Validate;

/**
 * Compares methods on recorded data: every value goes through the table that each method leads to.
 *
 * <p>The data is read twice, on one thread; between, ranges are chosen on as many as are given. Memory is {@link
 * TensorEvaluator#bytes} for each tensor, and does not grow with the data unless a method asks for whole
 * batches; what does not fit into the {@link Heap}, and what an engine does not have, is refused before any data are
 * read. One thread calls {@link #run}, once.
 */
public final class DataEvaluation {
    private final TensorInputs inputs;
    private final ParameterRule rule;
    private final Profile profile;
    private final Map<String, TensorEvaluator> evaluators = new LinkedHashMap<>();
    private final Map<String, LeftOut> leftOut = new LinkedHashMap<>();
    private final AtomicBoolean hasBegun = new AtomicBoolean();

    private DataEvaluation(TensorInputs inputs, ParameterRule rule, Profile profile) {
        this.inputs = inputs;
        this.rule = rule;
        this.profile = profile;
    }

    /**
     * An evaluation, which reads nothing yet but for counting what only reading can count.
     *
     * @param methods what to compare
     * @param ops which op reads which tensor
     * @param rule how ranges become parameters
     * @param profile the engine whose arithmetic is followed
     * @throws IllegalArgumentException if a method's parameter is wrong, or the engine does not have an op for the
     *     rule's types, with the tensor's name in front
     * @throws dev.octant.calibration.run.HeapTooSmallException if the heap has no room for so many tensors, or arrays
     *     so long
     * @throws dev.octant.formats.FormatException if a file cannot be read, or a method asks for samples that are not
     *     known
     */
    public static DataEvaluation of(
            TensorInputs inputs, MethodSet methods, OpChoice ops, ParameterRule rule, Profile profile)
            throws IOException {
        Given.require("inputs", inputs);
        Given.require("methods", methods);
        Given.require("ops", ops);
        Given.require("rule", rule);
        Given.require("profile", profile);
        long needed = TensorInputs.READ_BYTES + EvaluationRoom.BYTES;
        int batches = 0;
        List<Method> all = List.of();
        Map<String, List<Method>> byTensor = new LinkedHashMap<>();
        for (String name : inputs.tensors()) {
            Optional<Activation> op = ops.of(name);
            List<Method> chosen = methods.methods(rule, op);
            Named.at(name + ": ", () -> TensorEvaluator.requireArithmetic(op, rule, profile));
            needed += TensorEvaluator.bytes(op, chosen, rule);
            batches = Math.max(batches, TensorEvaluator.batches(op, rule));
            byTensor.put(name, chosen);
            // Of which kind the methods are does not depend on the tensor.
            all = chosen;
        }
        MethodNeeds.requireSamples(inputs.files(), all);
        MethodNeeds.countWithin(Heap.ofThisProcess(), inputs, all, batches, needed);
        EvaluationRoom room = new EvaluationRoom();
        DataEvaluation evaluation = new DataEvaluation(inputs, rule, profile);
        byTensor.forEach((name, chosen) ->
                evaluation.evaluators.put(name, new TensorEvaluator(name, ops.of(name), chosen, rule, profile, room)));
        return evaluation;
    }

    /** How many values {@link #run} reads: all, twice. */
    public long values() {
        return 2 * inputs.totalSize();
    }

    /**
     * Reads the data and measures.
     *
     * @param titles what is read, as a report names it
     * @param progress is told how many values were read since it was told last
     * @throws IllegalStateException if it was called before, or no tensor can be evaluated. One that has no finite
     *     value, none with an output within the floats, or a method's range without parameters under the rule is
     *     {@linkplain Evaluation#leftOut left out}
     * @throws dev.octant.formats.FormatException if a file cannot be read, or was changed while it was read
     */
    public Evaluation run(List<String> titles, LongConsumer progress) throws IOException {
        return run(titles, progress, TensorWork.ALONE);
    }

    /**
     * The same where ranges are chosen on several threads, between the two passes; the outcome does not depend on their
     * number.
     *
     * @param work on how many, and who is told how many tensors have their ranges
     */
    public Evaluation run(List<String> titles, LongConsumer progress, TensorWork work) throws IOException {
        Given.require("titles", titles);
        Given.require("progress", progress);
        Given.require("work", work);
        Validate.validState(hasBegun.compareAndSet(false, true), "evaluation must be run once, was run again");
        inputs.stream(progress, new FirstPass());
        evaluators.values().forEach(TensorEvaluator::endObserving);
        List<String> chosen = evaluators.keySet().stream()
                .filter(name -> !leftOut.containsKey(name))
                .toList();
        work.map(chosen, this::refusalOf)
                .forEach(refusal -> refusal.ifPresent(left -> leftOut.put(left.tensor(), left)));
        if (leftOut.size() == evaluators.size()) {
            List<LeftOut> all = new ArrayList<>(inputs.leftOut());
            all.addAll(leftOut.values());
            throw new IllegalStateException(LeftOut.nothingLeft(all));
        }
        inputs.stream(progress, (name, block, n) -> {
            if (!leftOut.containsKey(name)) {
                evaluators.get(name).measure(block, n);
            }
        });
        List<TensorResult> results =
                evaluators.values().stream().map(TensorEvaluator::result).toList();
        return new Evaluation(titles, rule, profile, Evidence.MEASURED, results, List.copyOf(leftOut.values()))
                .after(inputs.leftOut());
    }

    /** Chooses a tensor's ranges; the reason to leave it out where that is refused. */
    private Optional<LeftOut> refusalOf(String tensor) {
        try {
            evaluators.get(tensor).choose();
            return Optional.empty();
        } catch (IllegalStateException | IllegalArgumentException e) {
            return Optional.of(new LeftOut(tensor, Optional.empty(), LeftOut.reason(tensor, e)));
        }
    }

    /** Works on a tensor that is not left out, and leaves it out where that is refused. */
    private void attempt(String tensor, Runnable work) {
        if (leftOut.containsKey(tensor)) {
            return;
        }
        try {
            work.run();
        } catch (IllegalStateException | IllegalArgumentException e) {
            leftOut.put(tensor, new LeftOut(tensor, Optional.empty(), LeftOut.reason(tensor, e)));
        }
    }

    private final class FirstPass implements TensorInputs.Visitor {
        @Override
        public void begin(String tensor, long sampleLength) {
            evaluators.get(tensor).begin(sampleLength);
        }

        @Override
        public void visit(String tensor, float[] block, int length) {
            attempt(tensor, () -> evaluators.get(tensor).observe(block, length));
        }

        @Override
        public void end(String tensor) {
            attempt(tensor, () -> evaluators.get(tensor).end());
        }
    }
}
