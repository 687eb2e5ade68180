// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import java.math.BigDecimal;
import org.apache.commons.lang3.Validate;

/**
 * The range that keeps a percentage of the finite values and cuts the same share off both ends.
 *
 * <pre>
 * cut = n * (100 - percent) / 200                            values beyond each end; n finite values, zeros included
 * upper = right - (cut - above) / count * (right - left)     in the cell with above &lt;= cut &lt; above + count
 * </pre>
 *
 * <p>and the lower end mirrored, where {@code above} counts the values in cells beyond. Cells are those of {@link
 * HistogramSummary#cells()}, the outermost ended at the observed min and max; so 100 gives exactly min and max, and a
 * single huge value does not blur the rest. Where a cell is wide enough for it to matter, {@code upper} keeps so close
 * to its middle that the exact quantile, with the values sorted {@code x[n - 1 - floor(cut)]}, is never further away
 * than 1 % of itself nor than 1/2048 of the largest magnitude, whatever the data; summaries of version 1 and of
 * channels with fewer bins know less. {@link #bounds} tells between which two values the exact quantile lies.
 *
 * <p>Immutable and thread safe. The two-sided cut is that of ONNX Runtime's asymmetric percentile, which returns the
 * left edge of the bin instead of a place within it.
 *
 * @param percent how much to keep, above 50 and at most 100
 */
public record Percentile(double percent) implements RangeEstimator {
    /**
     * What is certain about the exact quantiles: with the values sorted, {@code lower} holds {@code x[floor(cut)]} and
     * {@code upper} holds {@code x[n - 1 - floor(cut)]}.
     *
     * @param lower the interval of the lower end
     * @param upper the interval of the upper end
     */
    public record Bounds(RealRange lower, RealRange upper) {
        public Bounds {
            Given.require("lower", lower);
            Given.require("upper", upper);
        }
    }

    /** @throws IllegalArgumentException if {@code percent} is outside (50, 100] */
    public Percentile {
        Validate.isTrue(percent > 50 && percent <= 100, "percent must be above 50 and at most 100, was %s", percent);
    }

    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        Density density = Density.of(summary);
        BigDecimal cut = cut(summary);
        long whole = cut.longValue();
        Cut lower = lower(density, whole);
        Cut upper = upper(density, whole);
        double part = cut.subtract(BigDecimal.valueOf(whole)).doubleValue();
        int first = lower.cell;
        int last = upper.cell;
        // Nothing lies beyond the outermost values, and those are known.
        return RealRange.of(
                whole == 0 ? density.left(first) : density.place(first, lower.inside(density, whole, part)),
                whole == 0 ? density.right(last) : density.place(last, 1 - upper.inside(density, whole, part)));
    }

    /**
     * Between which values the exact quantiles lie.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    public Bounds bounds(HistogramSummary summary) {
        Given.require("summary", summary);
        Density density = Density.of(summary);
        long whole = cut(summary).longValue();
        int lower = lower(density, whole).cell;
        int upper = upper(density, whole).cell;
        return new Bounds(
                RealRange.of(density.left(lower), density.right(lower)),
                RealRange.of(density.left(upper), density.right(upper)));
    }

    /** In decimal, so that 99.9 means 99.9 and a whole number of values stays whole. */
    private BigDecimal cut(HistogramSummary summary) {
        return BigDecimal.valueOf(100)
                .subtract(BigDecimal.valueOf(percent))
                .multiply(BigDecimal.valueOf(summary.counts().finite()))
                .divide(BigDecimal.valueOf(200));
    }

    /** The cell where a cut ends, and how many values lie beyond it. */
    private record Cut(int cell, long beyond) {
        double inside(Density density, long whole, double part) {
            return (whole - beyond + part) / density.count(cell);
        }
    }

    private static Cut lower(Density density, long cut) {
        long below = 0;
        int cell = 0;
        while (below + density.count(cell) <= cut) {
            below += density.count(cell++);
        }
        return new Cut(cell, below);
    }

    private static Cut upper(Density density, long cut) {
        long above = 0;
        int cell = density.cells() - 1;
        while (above + density.count(cell) <= cut) {
            above += density.count(cell--);
        }
        return new Cut(cell, above);
    }

    @Override
    public String toString() {
        return "percentile=" + BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString();
    }
}
