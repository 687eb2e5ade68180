package dev.octant.calibration;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.SummaryEvaluator;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodWord;
import dev.octant.calibration.methods.Methods;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.RangeChoice;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.cli.Named;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.ConsumerRanges;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * From summaries to ranges and parameters, by a method that needs nothing else: no second pass, and no data at all where
 * the summaries were kept. Immutable and thread safe.
 */
final class SummaryCalibration implements RangeChoice {
    private final String word;
    private final ParameterRule rule;
    private final OpChoice ops;

    private SummaryCalibration(String word, ParameterRule rule, OpChoice ops) {
        this.word = word;
        this.rule = rule;
        this.ops = ops;
    }

    /**
     * A calibration by one method, or by {@code best}; none if the method needs batches in order.
     *
     * @throws IllegalArgumentException if the word is unknown, its parameter wrong, or it does not suit the op of a tensor
     */
    static Optional<SummaryCalibration> of(String word, ParameterRule rule, OpChoice ops, Iterable<String> tensors) {
        SummaryCalibration calibration = new SummaryCalibration(word.strip(), rule, ops);
        if (calibration.isBest()) {
            return Optional.of(calibration);
        }
        for (String tensor : tensors) {
            if (calibration.method(tensor) instanceof Method.OfBatches) {
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

    /** The method of each tensor; none for {@code best}, which chooses among those of a histogram. */
    List<Method> methods(Iterable<String> tensors) {
        List<Method> methods = new ArrayList<>();
        if (!isBest()) {
            tensors.forEach(tensor -> methods.add(method(tensor)));
        }
        return methods;
    }

    /** Whether the method looks at samples. */
    boolean isOfSamples(Iterable<String> tensors) {
        return methods(tensors).stream().anyMatch(m -> m instanceof Method.OfSamples);
    }

    /**
     * Refuses a summary without samples where the method looks at them.
     *
     * @param values how many values it has
     * @param sampled how many of them lie in known samples
     * @throws IllegalArgumentException with the tensor's name in front
     */
    void requireSamples(String tensor, long values, long sampled) {
        if (!isBest() && method(tensor) instanceof Method.OfSamples method) {
            Named.at(tensor + ": ", () -> requireSamples(method, values, sampled));
        }
    }

    private static void requireSamples(Method.OfSamples method, long values, long sampled) {
        if (sampled != values) {
            throw new IllegalArgumentException("samples must be known of all "
                    + values + " values for " + method + ", were of "
                    + sampled
                    + " (calibrate --samples keeps short ones; arrays in Fortran order and text have none)");
        }
    }

    /**
     * Range and parameters of a tensor.
     *
     * @throws IllegalStateException if it has no finite value; its name in front
     * @throws IllegalArgumentException if its samples are asked for and not known, or its range has no parameters under the
     *     policy; its name in front
     */
    CalibrationTable.Entry entry(String tensor, TensorSummary summary) {
        return Named.at(tensor + ": ", () -> chosen(tensor, summary));
    }

    private CalibrationTable.Entry chosen(String tensor, TensorSummary summary) {
        HistogramSummary values = summary.values();
        values.range();
        Activation op = ops.of(tensor);
        Method method;
        RealRange range;
        QuantParams params;
        Optional<CalibrationTable.Consumer> consumer = Optional.empty();
        if (isBest()) {
            MethodResult best = evaluated(tensor, values).best();
            method = best.method();
            range = best.range();
            params = best.quantized().input();
            consumer = consumer(op, best.outputRange(), best.quantized().output());
        } else if (method(tensor) instanceof Method.OfHistogram of && of.estimator() instanceof ConsumerAware aware) {
            method = of;
            ConsumerRanges ranges = aware.ranges(values);
            range = ranges.input();
            params = rule.choose(range);
            consumer = consumer(op, ranges.output(), aware.output().apply(ranges.output()));
        } else {
            method = method(tensor);
            range = range(method, summary);
            params = rule.choose(range);
        }
        return new CalibrationTable.Entry(
                range, params, named(method, op), values.counts(), Optional.of(values.digest()), consumer);
    }

    /** The output that was chosen with the input, if something reads it. */
    private static Optional<CalibrationTable.Consumer> consumer(Activation op, RealRange range, QuantParams params) {
        return op.kind() == ActivationKind.IDENTITY
                ? Optional.empty()
                : Optional.of(new CalibrationTable.Consumer(op.toString(), range, params));
    }

    @Override
    public RealRange range(String tensor, TensorSummary summary) {
        summary.values().range();
        return isBest() ? evaluated(tensor, summary.values()).best().range() : range(method(tensor), summary);
    }

    private static RealRange range(Method method, TensorSummary summary) {
        if (method instanceof Method.OfHistogram ofHistogram) {
            return ofHistogram.estimator().estimate(summary.values());
        }
        Method.OfSamples ofSamples = (Method.OfSamples) method;
        requireSamples(
                ofSamples,
                summary.values().counts().count(),
                summary.samples().values().count());
        return ofSamples.estimator().estimate(summary.samples());
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
    Evaluation evaluation(List<String> inputs, Map<String, TensorSummary> summaries) {
        List<TensorResult> results = new ArrayList<>();
        summaries.forEach((tensor, summary) -> results.add(evaluated(tensor, summary.values())));
        return new Evaluation(inputs, rule, Profile.ONNX, Evidence.EXPECTED, results);
    }

    /** Method and all it depends on. */
    @Override
    public String toString() {
        return word + " " + rule.type().label() + " " + rule.scheme().name().toLowerCase(Locale.ROOT) + " "
                + rule.policy().label() + " for " + ops;
    }

    private TensorResult evaluated(String tensor, HistogramSummary summary) {
        Activation op = ops.of(tensor);
        List<Method.OfHistogram> methods = new ArrayList<>(Methods.pure(rule, op));
        if (!isBest() && method(tensor) instanceof Method.OfHistogram own) {
            methods.removeIf(m -> m.toString().equals(own.toString()));
            methods.add(0, own);
        }
        return new SummaryEvaluator(rule, Profile.ONNX).evaluate(tensor, op, summary, methods);
    }
}
