// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.SummaryEvaluator;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodName;
import dev.octant.calibration.methods.MethodSet;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.RangeChoice;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorChoice;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.calibration.run.TensorWork;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.NaturalOrder;
import dev.octant.formats.Named;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.ChosenRange;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;

/**
 * How the tensors of a model are calibrated: by one method or the best of all, by which rule ranges become
 * parameters, and which op reads which tensor. It makes a {@link CalibrationTable} of what was observed.
 *
 * <p>Most methods need a summary of the data and nothing else: {@link #table}. Those of the engines depend on the
 * order of the data, and are shown it by {@link #ordered}. Where the op that reads a tensor is known, the table
 * holds its output, too: as the method chose it, or else with the range of least expected error. A table with the
 * output of an op of the caller's own can be used but not written: a file holds the names of the field's functions.
 *
 * <p>{@code toString} names the method and all it depends on: a run that is stopped once ranges are stable goes on only
 * for the choice it began for. An estimator of the caller's own is known again by its class and its {@code toString},
 * an op of their own by its name: these must tell all that it depends on. Immutable, and as thread safe as what the
 * caller brings.
 */
public final class Calibration implements RangeChoice {
    private final Choice choice;
    private final ParameterRule rule;
    private final OpChoice ops;

    private Calibration(Choice choice, ParameterRule rule, OpChoice ops) {
        Validate.notNull(rule, "rule must be given, was null");
        Validate.notNull(ops, "ops must be given, was null");
        this.choice = choice;
        this.rule = rule;
        this.ops = ops;
    }

    /** How a tensor's method is chosen. */
    private sealed interface Choice {
        /** Of all methods of a histogram the one whose output has the highest expected SQNR. */
        record OfBest() implements Choice {
            @Override
            public String toString() {
                return MethodSet.BEST;
            }
        }

        /** One by its name: it may depend on the op. */
        record OfName(MethodName name) implements Choice {
            @Override
            public String toString() {
                return name.toString();
            }
        }

        /** One for every tensor. */
        record OfMethod(Method.OfHistogram method) implements Choice {
            @Override
            public String toString() {
                return method + " of " + method.estimator().getClass().getName();
            }
        }
    }

    /** A calibration by the best method for each tensor, with the evidence of {@link #evaluation}. */
    public static Calibration best(ParameterRule rule, OpChoice ops) {
        return new Calibration(new Choice.OfBest(), rule, ops);
    }

    /** A calibration by one method. */
    public static Calibration by(MethodName name, ParameterRule rule, OpChoice ops) {
        Validate.notNull(name, "method must be given, was null");
        return new Calibration(new Choice.OfName(name), rule, ops);
    }

    /**
     * A calibration by an estimator, which may be the caller's own. Its {@code toString} is the name in the table, and
     * with its class that by which a checkpoint knows it again.
     *
     * @throws IllegalArgumentException if it does not name itself, as a lambda does not
     */
    public static Calibration by(RangeEstimator estimator, ParameterRule rule, OpChoice ops) {
        Validate.notNull(estimator, "estimator must be given, was null");
        return new Calibration(new Choice.OfMethod(new Method.OfHistogram(estimator)), rule, ops);
    }

    /**
     * A calibration by the method that a word names, or by {@code best}.
     *
     * @throws IllegalArgumentException if it names none, or a parameter is missing or one too many
     */
    public static Calibration parse(String word, ParameterRule rule, OpChoice ops) {
        Given.require("word", word);
        Given.require("rule", rule);
        Given.require("ops", ops);
        return word.strip().equals(MethodSet.BEST)
                ? best(rule, ops)
                : by(MethodName.parse(word, Stream.of(MethodSet.BEST)), rule, ops);
    }

    /** How ranges become parameters. */
    public ParameterRule rule() {
        return rule;
    }

    /** Whether the method is the best of all, whose evidence is worth printing. */
    public boolean isBest() {
        return choice instanceof Choice.OfBest;
    }

    /**
     * Refuses what can be known to fail before any data are read. That a table will hold an op of the caller's own, and
     * so will not be {@linkplain dev.octant.formats.calibration.CalibrationFile#write written}, is no refusal here.
     *
     * @throws IllegalArgumentException if the policy has no such parameters, the method's parameter is wrong, or it
     *     does not suit the op of a tensor, whose name is in front
     */
    public void requireSuits(Iterable<String> tensors) {
        Given.require("tensors", tensors);
        for (String tensor : tensors) {
            // What is refused for this range is refused for any.
            Named.at(tensor + ": ", () -> rule.choose(RealRange.of(0, 1)));
        }
        methods(tensors);
    }

    /** The methods of some tensors; none for {@link #best}, which chooses among those of a histogram. */
    public List<Method> methods(Iterable<String> tensors) {
        Given.require("tensors", tensors);
        List<Method> methods = new ArrayList<>();
        if (!isBest()) {
            tensors.forEach(tensor -> methods.add(method(tensor)));
        }
        return methods;
    }

    private Method method(String tensor) {
        if (choice instanceof Choice.OfName named) {
            return named.name().method(rule, ops.of(tensor));
        }
        return ((Choice.OfMethod) choice).method();
    }

    /** Whether the method looks at samples. */
    public boolean isOfSamples() {
        return choice instanceof Choice.OfName named && named.name().kind().isOfSamples();
    }

    /** Whether the method depends on the order of the data: summaries do not tell its ranges, {@link #ordered} does. */
    public boolean isOrdered() {
        return choice instanceof Choice.OfName named && named.name().kind().isOrdered();
    }

    /**
     * Refuses a summary without samples where the method looks at them.
     *
     * @param values how many values it has
     * @param sampled how many of them lie in known samples
     * @throws IllegalArgumentException with the tensor's name in front
     */
    public void requireSamples(String tensor, long values, long sampled) {
        Given.require("tensor", tensor);
        if (isOfSamples()) {
            Named.at(tensor + ": ", () -> requireSamples(method(tensor), values, sampled));
        }
    }

    private static void requireSamples(Method method, long values, long sampled) {
        if (sampled != values) {
            throw new IllegalArgumentException("samples must be known of all "
                    + values + " values for " + method + ", were of "
                    + sampled
                    + " (calibrate --samples keeps short ones; arrays in Fortran order and text have none)");
        }
    }

    /**
     * Range and parameters of every tensor, as people count their names, or a refusal; {@link #calibrate} leaves out
     * what cannot be calibrated.
     *
     * @throws IllegalStateException if one has no finite value; its name in front
     * @throws IllegalArgumentException if samples are asked for and not known, a range has no parameters under the
     *     policy, or the method depends on the order of the data; the tensor's name in front
     */
    public CalibrationTable table(Map<String, TensorSummary> summaries) {
        Given.require("summaries", summaries);
        Map<String, CalibrationTable.Entry> entries = new TreeMap<>(NaturalOrder.INSTANCE);
        summaries.forEach((tensor, summary) -> entries.put(tensor, entry(tensor, summary)));
        return CalibrationTable.of(entries);
    }

    /**
     * Range and parameters of every tensor that has some; the others are left out with the reason.
     *
     * @throws NothingCalibratedException if there is none
     */
    public CalibrationResult calibrate(Map<String, TensorSummary> summaries) {
        return calibrate(summaries, TensorWork.ALONE);
    }

    /**
     * The same on several threads, which must then be safe for an estimator of the caller's own; the outcome does not
     * depend on their number.
     */
    public CalibrationResult calibrate(Map<String, TensorSummary> summaries, TensorWork work) {
        Given.require("summaries", summaries);
        Given.require("work", work);
        TableRows rows = new TableRows();
        work.map(summaries.entrySet(), named -> row(named.getKey(), named.getValue()))
                .forEach(rows::add);
        return rows.result();
    }

    /**
     * The same where all methods were compared before: {@link #best} takes the winners from there.
     *
     * @param evaluation {@link #evaluation} of the same summaries
     */
    public CalibrationResult calibrate(Evaluation evaluation, Map<String, TensorSummary> summaries, TensorWork work) {
        Given.require("evaluation", evaluation);
        Given.require("summaries", summaries);
        Given.require("work", work);
        if (!isBest()) {
            return calibrate(summaries, work);
        }
        TableRows rows = new TableRows();
        for (TensorResult judged : evaluation.tensors()) {
            String tensor = judged.name();
            rows.add(
                    judged.methods().isEmpty()
                            ? TableRows.Row.leftOut(tensor, evaluation.reason(judged))
                            : TableRows.Row.of(tensor, () -> entry(tensor, judged)));
        }
        return rows.result();
    }

    private TableRows.Row row(String tensor, TensorSummary summary) {
        return TableRows.Row.of(tensor, () -> entry(tensor, summary));
    }

    /**
     * The same of the tensors of a summary file that are wanted, one summary at a time: memory does not grow with
     * their number.
     *
     * @param reader a file that stands before its first tensor
     * @throws NothingCalibratedException if there is none
     * @throws dev.octant.formats.FormatException if the file cannot be read
     */
    public CalibrationResult calibrate(SummaryFile.Reader reader, TensorChoice choice) throws IOException {
        return calibrate(reader, choice, TensorWork.ALONE);
    }

    /** The same on several threads: memory is that of two summaries for each. */
    public CalibrationResult calibrate(SummaryFile.Reader reader, TensorChoice choice, TensorWork work)
            throws IOException {
        Given.require("reader", reader);
        Given.require("choice", choice);
        Given.require("work", work);
        TableRows rows = new TableRows();
        work.each(
                () -> {
                    while (reader.next()) {
                        if (choice.has(reader.name())) {
                            String tensor = reader.name();
                            TensorSummary summary = reader.summary();
                            return () -> row(tensor, summary);
                        }
                    }
                    return null;
                },
                rows::add);
        return rows.result();
    }

    /** Range and parameters of one tensor, with the exceptions of {@link #table}. */
    public CalibrationTable.Entry entry(String tensor, TensorSummary summary) {
        Given.require("tensor", tensor);
        Given.require("summary", summary);
        return named(tensor, () -> {
            HistogramSummary values = summary.values();
            values.range();
            Optional<String> digest = Optional.of(values.digest());
            if (!isBest()) {
                Method method = method(tensor);
                return entry(tensor, method, choose(method, summary), values, digest);
            }
            return entry(tensor, evaluated(tensor, values));
        });
    }

    /** Work on a tensor whose refusals name it, and the op where that is the caller's own and fails. */
    private <T> T named(String tensor, Supplier<T> work) {
        return Named.at(tensor + ": ", () -> {
            try {
                return work.get();
            } catch (IllegalStateException | IllegalArgumentException e) {
                throw e;
            } catch (RuntimeException e) {
                Activation op = ops.of(tensor).orElse(Activation.IDENTITY);
                if (op.kind() != ActivationKind.CUSTOM) {
                    throw e;
                }
                throw new IllegalStateException(
                        "op " + op + " must have an output for every observed value, failed with " + e, e);
            }
        });
    }

    /** The row of the best method. */
    private CalibrationTable.Entry entry(String tensor, TensorResult judged) {
        MethodResult best = judged.best();
        ChosenRange ranges = new ChosenRange(best.range(), Optional.of(best.outputRange()));
        HistogramSummary values = judged.input();
        return entry(tensor, best.method(), ranges, values, Optional.of(values.digest()));
    }

    /**
     * The row of the table for what a method chose. Where it chose nothing for the output of a known op, that has the
     * range of least expected error; none where the rule has no parameters for what the op makes of the values.
     */
    private CalibrationTable.Entry entry(
            String tensor, Method method, ChosenRange chosen, HistogramSummary values, Optional<String> digest) {
        QuantParams params = rule.choose(chosen.input());
        Optional<Activation> op = ops.of(tensor);
        Optional<CalibrationTable.Consumer> consumer = op.flatMap(known -> consumer(known, params, chosen, values));
        return new CalibrationTable.Entry(
                chosen.input(), params, method.nameFor(op), values.counts(), digest, consumer);
    }

    private Optional<CalibrationTable.Consumer> consumer(
            Activation op, QuantParams params, ChosenRange chosen, HistogramSummary values) {
        SummaryEvaluator evaluator = new SummaryEvaluator(rule, Profile.ONNX);
        try {
            RealRange range = chosen.output().orElseGet(() -> evaluator.bestOutput(op, values, chosen.input()));
            return Optional.of(new CalibrationTable.Consumer(op, range, rule.output(op, Profile.ONNX, params, range)));
        } catch (IllegalArgumentException e) {
            if (chosen.output().isPresent()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static ChosenRange choose(Method method, TensorSummary summary) {
        if (method instanceof Method.OfHistogram ofHistogram) {
            return ofHistogram.choose(summary.values());
        }
        Validate.isTrue(
                method instanceof Method.OfSamples,
                "method must not depend on the order of the data, which a summary does not have, was %s",
                method);
        requireSamples(
                method,
                summary.values().counts().count(),
                summary.samples().values().count());
        RealRange range = ((Method.OfSamples) method).estimator().estimate(summary.samples());
        return new ChosenRange(range, Optional.empty());
    }

    @Override
    public RealRange range(String tensor, TensorSummary summary) {
        Given.require("tensor", tensor);
        Given.require("summary", summary);
        return named(tensor, () -> {
            summary.values().range();
            return isBest()
                    ? evaluated(tensor, summary.values()).best().range()
                    : choose(method(tensor), summary).input();
        });
    }

    /**
     * The method, then all others, on every tensor: the evidence of {@link #best}, and what a report shows. A tensor
     * that cannot be calibrated has no methods, and is among those {@linkplain Evaluation#leftOut left out}.
     *
     * @param inputs what was read, as the user named it
     */
    public Evaluation evaluation(List<String> inputs, Map<String, TensorSummary> summaries) {
        return evaluation(inputs, summaries, TensorWork.ALONE);
    }

    /** The same on several threads; the outcome does not depend on their number. */
    public Evaluation evaluation(List<String> inputs, Map<String, TensorSummary> summaries, TensorWork work) {
        Given.require("inputs", inputs);
        Given.require("summaries", summaries);
        Given.require("work", work);
        List<LeftOut> leftOut = new ArrayList<>();
        List<TensorResult> results = new ArrayList<>();
        for (Judged judged : work.map(summaries.entrySet(), named -> judged(named.getKey(), named.getValue()))) {
            results.add(judged.result);
            judged.leftOut.ifPresent(leftOut::add);
        }
        return new Evaluation(inputs, rule, Profile.ONNX, Evidence.EXPECTED, results, leftOut);
    }

    /** A result, and why it is without methods. */
    private record Judged(TensorResult result, Optional<LeftOut> leftOut) {}

    private Judged judged(String tensor, TensorSummary summary) {
        HistogramSummary values = summary.values();
        try {
            values.range();
            return new Judged(named(tensor, () -> evaluated(tensor, values)), Optional.empty());
        } catch (IllegalStateException | IllegalArgumentException e) {
            return new Judged(
                    new TensorResult(tensor, ops.of(tensor), values, OptionalLong.empty(), List.of()),
                    Optional.of(new LeftOut(tensor, Optional.empty(), LeftOut.reason(tensor, e))));
        }
    }

    private TensorResult evaluated(String tensor, HistogramSummary summary) {
        Optional<Activation> op = ops.of(tensor);
        List<Method.OfHistogram> methods = new ArrayList<>(MethodSet.pure(rule, op));
        if (!isBest() && method(tensor) instanceof Method.OfHistogram own) {
            // By name and class: an estimator of the caller's own may be called as one of these.
            methods.removeIf(known -> known.toString().equals(own.toString())
                    && known.estimator().getClass() == own.estimator().getClass());
            methods.add(0, own);
        }
        return new SummaryEvaluator(rule, Profile.ONNX).evaluate(tensor, op, summary, methods);
    }

    /**
     * The calibration of data by one method that must be shown them in order, as {@link #isOrdered} ones must.
     *
     * @throws IllegalArgumentException as {@link #requireSuits}, or if there is no one method
     * @throws dev.octant.calibration.run.HeapTooSmallException if the heap has no room for so many tensors, or for
     *     arrays so long
     * @throws dev.octant.formats.FormatException if a file cannot be read, or samples are asked for and not known
     */
    public OrderedCalibration ordered(TensorInputs inputs) throws IOException {
        Given.require("inputs", inputs);
        Validate.isTrue(!isBest(), "method must be one to be shown the data in order, was %s", choice);
        requireSuits(inputs.tensors());
        Map<String, Method> methods = new LinkedHashMap<>();
        inputs.tensors().forEach(tensor -> methods.put(tensor, method(tensor)));
        return OrderedCalibration.of(
                inputs,
                methods,
                (tensor, method, observed) -> named(
                        tensor,
                        () -> entry(tensor, method, method.choose(observed), observed.summary(), Optional.empty())));
    }

    /** Method and all it depends on. */
    @Override
    public String toString() {
        String known = ops.toString();
        return choice + " " + rule.type().label() + " " + rule.scheme().label() + " "
                + rule.policy().label() + " for " + (known.isEmpty() ? "no op" : known);
    }
}
