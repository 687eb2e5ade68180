// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.apache.commons.lang3.Validate;

/**
 * The range of the estimator that serves a known function best: the one of highest expected SQNR of the function's
 * output.
 *
 * <pre>
 * for each candidate:  input range r = candidate.estimate(summary), output range = what f spans over the codes of r,
 *                      SQNR by {@link ExpectedOutputError}
 * result:              the candidate of highest output SQNR, the first of equals
 * </pre>
 *
 * <p>A candidate that chooses an output range, as {@link ConsumerAware}, brings its own. {@link #rated} is the
 * evidence: every candidate with what it costs. For a tensor that nothing known reads, f is the identity.
 *
 * <p>Takes as long as its candidates and about a millisecond for each. Immutable, and as thread safe as the functions
 * it was given.
 *
 * @param function f, a number for every finite input
 * @param codomain the values f can take: no output code outside is used
 * @param input how an input range becomes parameters
 * @param output how input parameters and the range of the outputs become output parameters; it may ignore either
 * @param candidates the estimators to choose from, at least one
 */
public record Best(
        DoubleUnaryOperator function,
        RealRange codomain,
        Function<RealRange, QuantParams> input,
        BiFunction<QuantParams, RealRange, QuantParams> output,
        List<RangeEstimator> candidates)
        implements RangeEstimator {
    /**
     * What a candidate chose and what it is expected to cost.
     *
     * @param estimator the candidate
     * @param ranges its input range, and the output range that goes with it
     * @param input parameters of the input
     * @param output parameters of the output
     * @param inputError what quantizing the input costs
     * @param outputError what the function costs as a table
     */
    public record Rated(
            RangeEstimator estimator,
            ConsumerRanges ranges,
            QuantParams input,
            QuantParams output,
            ExpectedError inputError,
            ExpectedOutputError outputError) {
        public Rated {
            Given.require("estimator", estimator);
            Given.require("ranges", ranges);
            Given.require("input", input);
            Given.require("output", output);
            Given.require("input error", inputError);
            Given.require("output error", outputError);
        }
    }

    /** @throws IllegalArgumentException if there is no candidate */
    public Best {
        Validate.notNull(function, "function must be given, was null");
        Validate.notNull(codomain, "codomain must be given, was null");
        Validate.notNull(input, "input must be given, was null");
        Validate.notNull(output, "output must be given, was null");
        Given.require("candidates", candidates);
        candidates.forEach(candidate -> Given.require("candidate", candidate));
        candidates = List.copyOf(candidates);
        Validate.isTrue(!candidates.isEmpty(), "candidates must be at least one, was none");
    }

    /** For a function whose two sides have one type and scheme, of this package's estimators. */
    public static Best of(DoubleUnaryOperator function, RealRange codomain, QuantType type, QuantScheme scheme) {
        ConsumerAware consumer = ConsumerAware.of(function, codomain, type, scheme);
        List<RangeEstimator> candidates = new ArrayList<>(consumer.starts());
        candidates.add(consumer);
        return new Best(
                function, codomain, consumer.input(), (params, range) -> scheme.choose(range, type), candidates);
    }

    /**
     * Every candidate with what it is expected to cost, in the order given.
     *
     * @throws IllegalStateException if no finite value was observed
     * @throws IllegalArgumentException if the function is NaN within the observed values, or no output code lies inside
     *     the codomain
     */
    public List<Rated> rated(HistogramSummary summary) {
        Given.require("summary", summary);
        TabulatedError error = new TabulatedError(Density.of(summary), function, codomain);
        List<Rated> rated = new ArrayList<>();
        for (RangeEstimator candidate : candidates) {
            rated.add(rated(candidate, summary, error));
        }
        return rated;
    }

    private Rated rated(RangeEstimator candidate, HistogramSummary summary, TabulatedError error) {
        ChosenRange chosen = candidate.choose(summary);
        RealRange range = chosen.input();
        QuantParams inputParams = input.apply(range);
        TabulatedError.Sliced sliced = error.sliced(inputParams);
        RealRange outputRange = chosen.output().orElseGet(sliced::span);
        QuantParams outputParams = output.apply(inputParams, outputRange);
        ExpectedError inputError = ExpectedError.of(summary, inputParams);
        return new Rated(
                candidate,
                new ConsumerRanges(range, outputRange),
                inputParams,
                outputParams,
                inputError,
                ExpectedOutputError.of(summary, error, sliced, outputParams, inputError));
    }

    /** The winner, with the same exceptions as {@link #rated}. */
    public Rated winner(HistogramSummary summary) {
        List<Rated> rated = rated(summary);
        Rated best = rated.get(0);
        for (Rated other : rated) {
            best = other.outputError.outputSqnr() > best.outputError.outputSqnr() ? other : best;
        }
        return best;
    }

    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        return winner(summary).ranges().input();
    }

    @Override
    public String toString() {
        return "best";
    }
}
