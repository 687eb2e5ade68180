// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.Named;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.Best;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Evaluates methods on what was observed of a tensor, without its data: errors are those expected if values lie
 * evenly in their bins. Outputs beyond the floats are left out, as far as the bins tell them; if all are beyond,
 * they count as the largest float. Output parameters are the op's fixed ones, those that the method chose, or those of
 * least expected error for its input: {@link BestOutput}.
 */
public final class SummaryEvaluator {
    /** What the methods of one tensor come to, and what is written of it, in bytes. */
    public static final long BYTES = 16 << 10;

    private final ParameterRule rule;
    private final Profile profile;

    /** An evaluator by this rule and this engine's tables. */
    public SummaryEvaluator(ParameterRule rule, Profile profile) {
        Given.require("rule", rule);
        Given.require("profile", profile);
        this.rule = rule;
        this.profile = profile;
    }

    /**
     * All methods on one tensor; none where no finite value was observed.
     *
     * @param op the op that reads the tensor, where one is known
     * @throws IllegalArgumentException if a method's range has no parameters under the rule; the tensor's name in front
     * @throws IllegalStateException if an estimator of the caller's own fails; the tensor's name in front
     */
    public TensorResult evaluate(
            String name, Optional<Activation> op, HistogramSummary summary, List<Method.OfHistogram> methods) {
        Given.require("name", name);
        Given.require("op", op);
        Given.require("summary", summary);
        Given.require("methods", methods);
        if (summary.counts().finite() == 0) {
            return new TensorResult(name, op, summary, OptionalLong.empty(), List.of());
        }
        Activation function = op.orElse(Activation.IDENTITY);
        Best best = new Best(
                function::value,
                OutputSearch.codomain(function, profile),
                rule::choose,
                (params, range) -> rule.output(function, profile, params, range),
                methods.stream()
                        .map(method -> op.isPresent()
                                ? (RangeEstimator) new OutputSearch.Completed(method, function, rule, profile)
                                : new OutputSearch.Plain(method))
                        .toList());
        return Named.at(
                name + ": ",
                () -> new TensorResult(
                        name,
                        op,
                        summary,
                        OptionalLong.empty(),
                        best.rated(summary).stream()
                                .map(rated -> result(function, rated))
                                .toList()));
    }

    /**
     * The output range of least expected error where the range of the input is given.
     *
     * @param op the op that reads the tensor
     * @param input the range of the tensor
     * @throws IllegalStateException if no finite value was observed
     * @throws IllegalArgumentException if a range has no parameters under the rule, or no output code lies inside the
     *     op's range
     */
    public RealRange bestOutput(Activation op, HistogramSummary summary, RealRange input) {
        Given.require("op", op);
        Given.require("summary", summary);
        Given.require("input range", input);
        return OutputSearch.of(op, rule, profile, rule.choose(input)).output(summary, input);
    }

    private MethodResult result(Activation op, Best.Rated rated) {
        QuantParams input = rated.input();
        DataError error = new DataError(
                rated.inputError().clippedShare(),
                rated.outputError().inputSqnr(),
                rated.outputError().outputSqnr(),
                Double.NaN,
                new SplitError(rated.inputError().rounding(), rated.inputError().clipping()),
                new SplitError(
                        rated.outputError().rounding(), rated.outputError().clipping()));
        return new MethodResult(
                ((OutputSearch.OfMethod) rated.estimator()).own(),
                rated.ranges().input(),
                rated.ranges().output(),
                QuantizedActivation.compile(op, input, rated.output(), profile),
                error);
    }
}
