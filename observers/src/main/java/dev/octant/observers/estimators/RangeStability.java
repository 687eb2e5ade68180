// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import java.util.List;
import java.util.Locale;
import org.apache.commons.lang3.Validate;

/**
 * Tells when successive ranges no longer move: the signal to stop collecting data.
 *
 * <pre>
 * step = width of the newest range, widened to hold 0, / 255
 * move of an older range = max(|min - newest min|, |max - newest max|) / step
 * stable = the last {@code rounds} older ranges have all moved by at most {@code fraction}
 * </pre>
 *
 * <p>Against the newest range, not against each one's neighbour: so a slow drift does not pass for standing still. The
 * caller decides when to take a range, as after every million values. It is evidence, not a proof: data not yet seen
 * may hold anything. Immutable and thread safe.
 *
 * @param fraction how much of a step an end may move, positive and finite
 * @param rounds how many older ranges must agree with the newest, at least 1
 */
public record RangeStability(double fraction, int rounds) {
    private static final double STEPS = 255;

    /**
     * What was found.
     *
     * @param stable whether the ranges no longer move
     * @param move the largest move among the last ranges, in steps; NaN where there are too few
     * @param reason one sentence that says why
     */
    public record Verdict(boolean stable, double move, String reason) {
        public Verdict {
            Given.require("reason", reason);
        }
    }

    /**
     * @throws IllegalArgumentException if {@code fraction} is not positive and finite, or {@code rounds} less than 1
     */
    public RangeStability {
        Validate.isTrue(
                fraction > 0 && fraction <= Double.MAX_VALUE, "fraction must be positive and finite, was %s", fraction);
        Validate.isTrue(rounds >= 1, "rounds must be at least 1, was %s", rounds);
    }

    /** A tenth of a step, three times. */
    public RangeStability() {
        this(0.1, 3);
    }

    /** What the ranges taken so far tell, oldest first; only the last {@code rounds + 1} are looked at. */
    public Verdict judge(List<RealRange> ranges) {
        Given.require("ranges", ranges);
        ranges.forEach(range -> Given.require("range", range));
        if (ranges.size() <= rounds) {
            return new Verdict(
                    false,
                    Double.NaN,
                    String.format(
                            Locale.ROOT,
                            "not stable: %s of the %s ranges needed were taken",
                            ranges.size(),
                            rounds + 1));
        }
        int last = ranges.size() - 1;
        RealRange newest = ranges.get(last);
        double step = newest.includingZero().width() / STEPS;
        double largest = 0;
        boolean upper = false;
        for (RealRange older : ranges.subList(last - rounds, last)) {
            double lowerMove = inSteps(older.min(), newest.min(), step);
            double upperMove = inSteps(older.max(), newest.max(), step);
            if (Math.max(lowerMove, upperMove) > largest) {
                largest = Math.max(lowerMove, upperMove);
                upper = upperMove >= lowerMove;
            }
        }
        if (largest <= fraction) {
            return new Verdict(
                    true,
                    largest,
                    String.format(
                            Locale.ROOT,
                            "stable: the last %s ranges lie within %.3g of a step of the newest, at most %s is allowed",
                            rounds,
                            largest,
                            Names.plain(fraction)));
        }
        return new Verdict(
                false,
                largest,
                String.format(
                        Locale.ROOT,
                        "not stable: the %s end moved by %.3g of a step within the last %s ranges, at most %s is "
                                + "allowed",
                        upper ? "upper" : "lower",
                        largest,
                        rounds,
                        Names.plain(fraction)));
    }

    /** Equal ends have not moved, also where the newest range is a point and has no step. */
    private static double inSteps(double from, double to, double step) {
        return from == to ? 0 : Math.abs(from - to) / step;
    }

    @Override
    public String toString() {
        return "stable=" + Names.plain(fraction) + "," + rounds;
    }
}
