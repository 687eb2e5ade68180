package dev.octant.cli;

import dev.octant.cli.evaluate.Evaluation;
import dev.octant.cli.evaluate.Evidence;
import dev.octant.cli.evaluate.Method;
import dev.octant.cli.evaluate.MethodResult;
import dev.octant.cli.evaluate.ParameterRule;
import dev.octant.cli.evaluate.SummaryEvaluator;
import dev.octant.cli.evaluate.TensorResult;
import dev.octant.core.Profile;
import dev.octant.core.RealRange;
import dev.octant.observers.CalibrationTable;
import dev.octant.observers.HistogramSummary;
import dev.octant.ops.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From histograms to ranges and parameters, by a method that needs nothing else: no second pass, and no data at all where
 * the histograms were kept. Immutable and thread safe.
 */
final class SummaryCalibration {
    private final String word;
    private final ParameterRule rule;
    private final OpChoice ops;

    private SummaryCalibration(String word, ParameterRule rule, OpChoice ops) {
        this.word = word;
        this.rule = rule;
        this.ops = ops;
    }

    /**
     * A calibration by one method, or by {@code best}; none if the method needs samples or batches.
     *
     * @throws IllegalArgumentException if the word is unknown, its parameter wrong, or it does not suit the op of a tensor
     */
    static Optional<SummaryCalibration> of(String word, ParameterRule rule, OpChoice ops, Iterable<String> tensors) {
        SummaryCalibration calibration = new SummaryCalibration(word.strip(), rule, ops);
        if (calibration.isBest()) {
            return Optional.of(calibration);
        }
        for (String tensor : tensors) {
            if (!(calibration.method(tensor) instanceof Method.OfHistogram)) {
                return Optional.empty();
            }
        }
        return Optional.of(calibration);
    }

    /** Whether the method is {@code best}, whose evidence is worth printing. */
    boolean isBest() {
        return word.equals(Methods.BEST);
    }

    private Method method(String tensor) {
        return Methods.one(word, rule, ops.of(tensor));
    }

    /**
     * Range and parameters of every tensor.
     *
     * @throws IllegalStateException if a tensor has no finite value; its name in front
     * @throws IllegalArgumentException if a range has no parameters under the policy; the tensor's name in front
     */
    CalibrationTable table(Map<String, HistogramSummary> summaries) {
        if (isBest()) {
            return table(evaluation(List.of(), summaries));
        }
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        summaries.forEach((tensor, summary) -> entries.put(tensor, Named.at(tensor + ": ", () -> {
            Method.OfHistogram method = (Method.OfHistogram) method(tensor);
            RealRange range = method.estimator().estimate(summary);
            return new CalibrationTable.Entry(
                    range, rule.choose(range), named(method, ops.of(tensor)), summary.counts());
        })));
        return CalibrationTable.of(entries);
    }

    /**
     * The same from an {@link #evaluation}, whose work is not done again.
     *
     * @throws IllegalStateException if a tensor has no finite value; its name in front
     */
    CalibrationTable table(Evaluation evaluation) {
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        for (TensorResult tensor : evaluation.tensors()) {
            Named.at(tensor.name() + ": ", () -> tensor.input().range());
            MethodResult chosen = isBest() ? tensor.best() : tensor.methods().get(0);
            entries.put(
                    tensor.name(),
                    new CalibrationTable.Entry(
                            chosen.range(),
                            chosen.quantized().input(),
                            named(chosen.method(), tensor.activation()),
                            tensor.input().counts()));
        }
        return CalibrationTable.of(entries);
    }

    /** A method that depends on the op says on which. */
    private static String named(Method method, Activation op) {
        String word = method.toString();
        return word.equals(MethodWord.CONSUMER.label()) ? word + "(" + op + ")" : word;
    }

    /**
     * The method, then all others, on every tensor: the evidence of {@code best}, and what a report shows.
     *
     * @param inputs what was read, as the user named it
     */
    Evaluation evaluation(List<String> inputs, Map<String, HistogramSummary> summaries) {
        List<TensorResult> results = new ArrayList<>();
        summaries.forEach((tensor, summary) -> results.add(evaluated(tensor, summary)));
        return new Evaluation(inputs, rule, Profile.ONNX, Evidence.EXPECTED, results);
    }

    private TensorResult evaluated(String tensor, HistogramSummary summary) {
        Activation op = ops.of(tensor);
        List<Method.OfHistogram> methods = new ArrayList<>(Methods.pure(rule, op));
        if (!isBest()) {
            Method.OfHistogram own = (Method.OfHistogram) method(tensor);
            methods.removeIf(m -> m.toString().equals(own.toString()));
            methods.add(0, own);
        }
        return new SummaryEvaluator(rule, Profile.ONNX).evaluate(tensor, op, summary, methods);
    }
}
