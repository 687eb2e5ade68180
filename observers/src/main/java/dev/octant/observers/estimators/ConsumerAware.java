// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.apache.commons.lang3.Validate;

/**
 * For a tensor that feeds a known function f: the input and output range of least expected error of the function's
 * <em>output</em>, when it runs as a table of codes.
 *
 * <pre>
 * minimise over input range, output range:   E = sum over values of (v(quantize(x)) - f(x))^2
 * v(q) = dequantize(clip(quantize((float) f(dequantize(q))), codes inside the codomain))
 * </pre>
 *
 * <p>So inputs beyond the point where f saturates cost nothing, and flat parts of f cost little, however wide they are.
 * Values are taken as spread evenly over their histogram cell, which is cut further where f bends; zeros are exact.
 *
 * <p>The search is deterministic. It starts from the ranges of other estimators and from all pairs of powers of two
 * below min and max, and moves on from the best few in ever smaller steps. The result is never expected to be worse
 * than any start with the output range that f spans there. Some tens of milliseconds per summary. The input range
 * lies within the observed one.
 *
 * <p>NaN and infinities are left out, and so are values of which f is beyond the floats, as exp is from 88.7 on. A cell
 * that holds some of them is cut there. Immutable, and as thread safe as the functions it was given.
 *
 * @param function f, a number for every finite input; values of which it is beyond the floats are left out, or count as
 *     the largest float where all are
 * @param codomain the values f can take: no output code outside is ever used
 * @param input how an input range becomes parameters
 * @param output how an output range becomes parameters; it may ignore the range, if the parameters are fixed
 * @param starts the estimators whose ranges the search starts from
 */
public record ConsumerAware(
        DoubleUnaryOperator function,
        RealRange codomain,
        Function<RealRange, QuantParams> input,
        Function<RealRange, QuantParams> output,
        List<RangeEstimator> starts)
        implements RangeEstimator {
    private static final int DESCENTS = 3;

    private static final RealRange FLOATS = RealRange.of(-Float.MAX_VALUE, Float.MAX_VALUE);

    private static final double FINEST_STEP = 1.0 / 512;

    public ConsumerAware {
        Validate.notNull(function, "function must be given, was null");
        Validate.notNull(codomain, "codomain must be given, was null");
        Validate.notNull(input, "input must be given, was null");
        Validate.notNull(output, "output must be given, was null");
        Given.require("starts", starts);
        starts.forEach(start -> Given.require("start", start));
        starts = List.copyOf(starts);
    }

    /** For a function whose two sides have one type and scheme, starting from this package's estimators. */
    public static ConsumerAware of(
            DoubleUnaryOperator function, RealRange codomain, QuantType type, QuantScheme scheme) {
        Given.require("type", type);
        Given.require("scheme", scheme);
        Function<RealRange, QuantParams> choose = range -> scheme.choose(range, type);
        return new ConsumerAware(
                function,
                codomain,
                choose,
                choose,
                List.of(
                        new MinMax(),
                        new AbsMax(),
                        new Percentile(99),
                        new Percentile(99.9),
                        new Percentile(99.99),
                        new Percentile(99.999),
                        new Entropy(),
                        new MeanSquaredError(type, scheme),
                        new Saturation(type, scheme)));
    }

    /** The same, with output parameters that are given: only the input range is searched. */
    public ConsumerAware withOutput(QuantParams fixed) {
        Given.require("output", fixed);
        return new ConsumerAware(function, codomain, input, range -> fixed, starts);
    }

    /** The same, with another way from output range to parameters. */
    public ConsumerAware withOutput(Function<RealRange, QuantParams> choice) {
        return new ConsumerAware(function, codomain, input, choice, starts);
    }

    /** The same, with other estimators to start from. */
    public ConsumerAware withStarts(List<RangeEstimator> estimators) {
        return new ConsumerAware(function, codomain, input, output, estimators);
    }

    /** The input range of {@link #ranges}. */
    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        return ranges(summary).input();
    }

    @Override
    public boolean choosesOutput() {
        return true;
    }

    /** Both of {@link #ranges}. */
    @Override
    public ChosenRange choose(HistogramSummary summary) {
        Given.require("summary", summary);
        ConsumerRanges ranges = ranges(summary);
        return new ChosenRange(ranges.input(), Optional.of(ranges.output()));
    }

    /**
     * Both ranges for what was observed.
     *
     * @throws IllegalStateException if no finite value was observed
     * @throws IllegalArgumentException if the function is NaN within the observed values, or no output code lies inside
     *     the codomain
     */
    public ConsumerRanges ranges(HistogramSummary summary) {
        Given.require("summary", summary);
        RealRange observed = summary.range();
        Search search = new Search(new TabulatedError(Density.of(summary), function, codomain), observed);
        for (RangeEstimator start : starts) {
            search.start(start.estimate(summary));
        }
        return search.best();
    }

    /**
     * The output range of least expected error where another has chosen the input range: the search of {@link #ranges}
     * with that side held. Never expected to be worse than what f spans over the codes of the input range.
     *
     * @param chosen the input range
     * @throws IllegalStateException as {@link #ranges}
     * @throws IllegalArgumentException as {@link #ranges}
     */
    public RealRange output(HistogramSummary summary, RealRange chosen) {
        Given.require("summary", summary);
        Given.require("chosen range", chosen);
        return new Search(new TabulatedError(Density.of(summary), function, codomain), summary.range()).output(chosen);
    }

    /** A pair of ranges and what it costs. */
    private record Candidate(RealRange input, RealRange output, double error) {}

    private final class Search {
        private final TabulatedError error;
        private final RealRange observed;
        private final List<Candidate> candidates = new ArrayList<>();
        private double least = Double.POSITIVE_INFINITY;
        private Candidate best;

        Search(TabulatedError error, RealRange observed) {
            this.error = error;
            this.observed = observed;
        }

        void start(RealRange range) {
            if (range.max() < observed.min() || range.min() > observed.max()) {
                return;
            }
            RealRange inside = range.intersect(observed);
            if (candidates.isEmpty() || error.leastClipped(input.apply(inside)) < least) {
                best = null;
                tries(inside, null);
                least = Math.min(least, best.error);
                candidates.add(best);
            }
        }

        ConsumerRanges best() {
            int lowerEnd = observed.min() < 0 ? RangeSearch.OCTAVES : 0;
            int upperEnd = observed.max() > 0 ? RangeSearch.OCTAVES : 0;
            for (int lower = 0; lower <= lowerEnd; lower++) {
                for (int upper = 0; upper <= upperEnd; upper++) {
                    start(RangeSearch.narrowed(observed, lower, upper));
                }
            }
            // A stable sort: of equal errors the earlier start wins.
            candidates.sort(Comparator.comparingDouble(Candidate::error));
            Candidate winner = candidates.get(0);
            Validate.isTrue(
                    winner.error < Double.POSITIVE_INFINITY,
                    "codomain must hold the value of an output code, was %s",
                    codomain);
            for (Candidate start : List.copyOf(candidates.subList(0, Math.min(DESCENTS, candidates.size())))) {
                best = start;
                descend();
                winner = best.error < winner.error ? best : winner;
            }
            return new ConsumerRanges(winner.input, winner.output);
        }

        RealRange output(RealRange chosen) {
            tries(chosen, null);
            Validate.isTrue(
                    best.error < Double.POSITIVE_INFINITY,
                    "codomain must hold the value of an output code, was %s",
                    codomain);
            TabulatedError.Sliced sliced = error.sliced(input.apply(chosen));
            for (double step = 0.5; step >= FINEST_STEP; ) {
                Candidate from = best;
                movesOutput(sliced, from, step);
                if (best.error >= from.error) {
                    step /= 2;
                }
            }
            return best.output;
        }

        private void movesOutput(TabulatedError.Sliced sliced, Candidate from, double step) {
            for (int i = -1; i <= 1; i++) {
                for (int j = -1; j <= 1; j++) {
                    triesOutput(sliced, from.input, moved(from.output, i * step, j * step));
                }
            }
        }

        private void descend() {
            for (double step = 0.5; step >= FINEST_STEP; ) {
                Candidate from = best;
                // Output moves first: they are the cheaper ones.
                movesOutput(error.sliced(input.apply(from.input)), from, step);
                RealRange output = best.output;
                for (int i = -1; i <= 1; i++) {
                    for (int j = -1; j <= 1; j++) {
                        RealRange moved = moved(from.input, i * step, j * step);
                        if ((i != 0 || j != 0) && moved.min() >= observed.min() && moved.max() <= observed.max()) {
                            tries(moved, output);
                        }
                    }
                }
                if (best.error >= from.error) {
                    step /= 2;
                }
            }
        }

        /** An input range with the output ranges that suggest themselves, and one more. */
        private void tries(RealRange range, RealRange output) {
            TabulatedError.Sliced sliced = error.sliced(input.apply(range));
            triesOutput(sliced, range, sliced.span());
            if (codomain.isFinite()) {
                triesOutput(sliced, range, codomain);
            }
            if (output != null) {
                triesOutput(sliced, range, output);
            }
        }

        private void triesOutput(TabulatedError.Sliced sliced, RealRange range, RealRange outputRange) {
            double total = sliced.error(output.apply(outputRange));
            if (best == null || total < best.error) {
                best = new Candidate(range, outputRange, total);
            }
        }

        /** The ends on their own side of zero, each moved by octaves, within the floats. */
        private RealRange moved(RealRange range, double lower, double upper) {
            RealRange moved = RangeSearch.narrowed(range, lower, upper);
            return moved.intersect(FLOATS);
        }
    }

    @Override
    public String toString() {
        return "consumer";
    }
}
