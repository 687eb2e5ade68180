// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.core.QuantScheme;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.ValueCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something about a tensor's data that makes its numbers doubtful.
 *
 * @param kind what it is
 * @param text what was seen of this tensor and what follows from it
 */
public record Warning(Kind kind, String text) {
    /** What there is to warn of. */
    public enum Kind {
        NAN("NaN", "They are left out of all errors."),
        INFINITY("Infinity", "They saturate and are left out of all errors."),
        NO_VALUES("No values", "There is nothing to choose a range from."),
        OVERFLOW("Overflow", "Some outputs are beyond the largest float."),
        ALL_ZEROS("All zeros", "Any scale is right; the methods cannot be compared."),
        CONSTANT("Constant", "The data do not tell which range the tensors will have in use."),
        DEAD("Dead", "The values differ, but all their outputs are one and the same code."),
        ONE_SIDED(
                "One-sided", "The data have one sign: codes for the other are unused, or its values would be clipped."),
        OUTLIERS("Outliers", "A few values decide scale and SQNR: look at a percentile too."),
        FEW_VALUES("Few values", "More data may move the ranges noticeably.");

        private final String title;
        private final String meaning;

        Kind(String title, String meaning) {
            this.title = title;
            this.meaning = meaning;
        }

        /** A word or two. */
        public String title() {
            return title;
        }

        /** What follows from it for any tensor, in a sentence. */
        public String meaning() {
            return meaning;
        }
    }

    private static final long FEW = 1000;
    private static final double BULK = 0.999;
    private static final double OUTLIER = 100;

    /** The kind in a word or two. */
    public String title() {
        return kind.title();
    }

    /** All warnings of a tensor. */
    public static List<Warning> of(TensorResult tensor, QuantScheme scheme) {
        List<Warning> warnings = new ArrayList<>();
        ValueCounts counts = tensor.input().counts();
        notFinite(counts, warnings);
        if (counts.finite() == 0) {
            warnings.add(
                    new Warning(Kind.NO_VALUES, "No finite value was seen: there is nothing to choose a range from."));
            return warnings;
        }
        overflow(tensor, warnings);
        if (counts.zeros() == counts.finite()) {
            warnings.add(new Warning(
                    Kind.ALL_ZEROS, "Every value is 0. Any scale is right; the methods cannot be compared."));
        } else if (counts.min() == counts.max()) {
            warnings.add(new Warning(
                    Kind.CONSTANT,
                    "Every value is " + Numbers.real(counts.min())
                            + ". The data does not tell which range the tensor will have in use."));
        } else {
            dead(tensor, warnings);
            oneSided(counts, scheme, warnings);
            outliers(tensor.input(), warnings);
        }
        if (counts.finite() < FEW) {
            warnings.add(new Warning(
                    Kind.FEW_VALUES,
                    "Only " + Numbers.plural(counts.finite(), "value") + ". With fewer than " + Numbers.count(FEW)
                            + ", more data may move the ranges noticeably."));
        }
        return warnings;
    }

    private static void notFinite(ValueCounts counts, List<Warning> warnings) {
        long infinite = counts.positiveInfinities() + counts.negativeInfinities();
        if (counts.nan() > 0) {
            warnings.add(new Warning(
                    Kind.NAN,
                    Numbers.count(counts.nan()) + " of " + Numbers.plural(counts.count(), "value") + " ("
                            + Numbers.percent(counts.nan(), counts.count())
                            + ") are not a number. They are left out of all errors."));
        }
        if (infinite > 0) {
            warnings.add(new Warning(
                    Kind.INFINITY,
                    Numbers.count(infinite) + " of " + Numbers.plural(counts.count(), "value") + " ("
                            + Numbers.percent(infinite, counts.count())
                            + ") are infinite. They saturate and are left out of all errors."));
        }
    }

    private static void overflow(TensorResult tensor, List<Warning> warnings) {
        ValueCounts counts = tensor.input().counts();
        if (tensor.overflows().isPresent()) {
            long overflows = tensor.overflows().getAsLong();
            if (overflows > 0) {
                warnings.add(new Warning(
                        Kind.OVERFLOW,
                        "For " + Numbers.count(overflows) + " of " + Numbers.plural(counts.finite(), "finite value")
                                + " (" + Numbers.percent(overflows, counts.finite()) + ") " + tensor.function()
                                + " is beyond the largest float. These outputs are left out of the output's errors and"
                                + " range; the table saturates there."));
            }
        } else if (isBeyondFloat(tensor, counts.min()) || isBeyondFloat(tensor, counts.max())) {
            warnings.add(new Warning(
                    Kind.OVERFLOW,
                    "For the farthest values " + tensor.function()
                            + " is beyond the largest float. These outputs are left out of the output's errors and"
                            + " range, unless all are such; the table saturates there."));
        }
    }

    private static boolean isBeyondFloat(TensorResult tensor, float x) {
        return Float.isInfinite((float) tensor.function().value(x));
    }

    private static void dead(TensorResult tensor, List<Warning> warnings) {
        if (!tensor.methods().isEmpty()
                && CodeErrors.of(tensor.best().quantized(), tensor.input()).isDead()) {
            warnings.add(new Warning(
                    Kind.DEAD,
                    "The values differ, but " + tensor.function() + " gives one and the same code for all."));
        }
    }

    private static void oneSided(ValueCounts counts, QuantScheme scheme, List<Warning> warnings) {
        if (counts.min() < 0 && counts.max() > 0) {
            return;
        }
        String side = counts.min() >= 0 ? "below" : "above";
        String consequence = scheme == QuantScheme.SYMMETRIC
                ? "A symmetric grid leaves half of its codes unused here; an asymmetric one would halve the step."
                : "The whole grid is spent on one sign; values of the other would be clipped to 0.";
        warnings.add(new Warning(Kind.ONE_SIDED, "No value is " + side + " 0. " + consequence));
    }

    /** Compares the largest magnitude with the 99.9 % quantile of the non-zero ones, as near as the cells tell it. */
    private static void outliers(HistogramSummary input, List<Warning> warnings) {
        long bulk = (long)
                Math.ceil(BULK * (input.counts().finite() - input.counts().zeros()));
        SortedMap<Double, Long> ends = new TreeMap<>();
        for (HistogramSummary.Cell cell : input.cells()) {
            if (cell.left() != 0 || cell.right() != 0) {
                ends.merge(Math.max(-cell.left(), cell.right()), cell.count(), Long::sum);
            }
        }
        long below = 0;
        double quantile = 0;
        for (var end : ends.entrySet()) {
            if (below < bulk) {
                quantile = end.getKey();
                below += end.getValue();
            }
        }
        double largest = Math.max(-input.range().min(), input.range().max());
        if (largest > OUTLIER * quantile) {
            warnings.add(new Warning(
                    Kind.OUTLIERS,
                    "The largest magnitude, " + Numbers.real(largest) + ", is more than " + Numbers.brief(OUTLIER)
                            + " times the one 99.9 % of the values stay below (" + Numbers.real(quantile)
                            + "). A range that keeps it has few codes left for the others, and it alone decides "
                            + "the SQNR:"
                            + " look at a percentile too."));
        }
    }
}
