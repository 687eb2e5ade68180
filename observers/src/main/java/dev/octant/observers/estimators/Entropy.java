// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import org.apache.commons.lang3.Validate;

/**
 * The range that loses least information when it is quantized: the threshold of least Kullback-Leibler divergence.
 *
 * <pre>
 * candidates: [max(min, -t), min(max, t)] with t = i * 2^e, i = 1, 2, .. until t passes both min and max
 * h = histogram of |x|, zeros left out, in the summary's bins of width 2^e
 * n = rint(levels * i / (bins below 0 + bins above 0)), the levels on the candidate's longer side
 * P = h[0 .. i), the counts beyond added to its last bin
 * Q = h[0 .. i) cut into n groups, every non-empty bin of a group replaced by their mean
 * result: the candidate with i &gt;= n and the least KL(P || Q) - ln(share of the counts in h[0 .. i)), the widest of
 *         several; [min, max] if there is none
 * </pre>
 *
 * <p>One threshold serves both signs and ends at the observed min and max. So data of both signs spends half of the
 * levels on each, and one-sided data all on its own. Exact zeros are left out: every candidate codes them exactly.
 *
 * <p>The logarithm is what sets this apart from its source, which scales Q up to the mass of P. That hides lost mass
 * where few bins are left: cut to the one bin in which data far from 0 begin, P and Q are equal and all is clipped.
 * Where little is clipped, the logarithm is about the share clipped.
 *
 * <p>The threshold is at least {@code n} bins: a value thousands of times larger than all others hides their shape from
 * this estimator, and {@link Percentile} serves better there.
 *
 * <p>Takes a few milliseconds. Immutable and thread safe. Source: the entropy calibration of NVIDIA's
 * pytorch-quantization, with its divergence and candidates. That one has bins of max|x| / 2048, 128 levels for signed
 * data and 256 for unsigned, starts at i = 128, and replaces bin 0 by bin 1 where this one leaves out the zeros.
 *
 * @param levels how many codes the range is cut into, 2 to 2048
 */
public record Entropy(int levels) implements RangeEstimator {
    private static final int DEFAULT_LEVELS = 256;

    /** @throws IllegalArgumentException if {@code levels} is outside 2..2048 */
    public Entropy {
        Validate.isTrue(
                levels >= 2 && levels <= HistogramObserver.BINS,
                "levels must be within 2..%s, was %s",
                HistogramObserver.BINS,
                levels);
    }

    /** With 256 levels, one per code. */
    public Entropy() {
        this(DEFAULT_LEVELS);
    }

    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        RealRange observed = summary.range();
        double width = summary.binWidth();
        int below = bins(-observed.min(), width);
        int above = bins(observed.max(), width);
        long[] counts = new long[Math.max(below, above)];
        for (int k = 0; k < counts.length; k++) {
            counts[k] = summary.negative(k) + summary.positive(k);
        }
        Divergence divergence = new Divergence(counts);
        int best = counts.length;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i <= counts.length; i++) {
            int n = Math.max(1, (int) Math.rint((double) levels * i / (Math.min(below, i) + Math.min(above, i))));
            if (i >= n) {
                double loss = divergence.of(i, n) - Math.log(divergence.kept(i));
                if (loss <= least) {
                    least = loss;
                    best = i;
                }
            }
        }
        double threshold = best * width;
        return RealRange.of(
                Math.min(Math.max(observed.min(), -threshold), observed.max()),
                Math.max(Math.min(observed.max(), threshold), observed.min()));
    }

    /** How many bins one side of the data reaches into. */
    private static int bins(double end, double width) {
        return end > 0 ? (int) (end / width) + 1 : 0;
    }

    @Override
    public String toString() {
        return levels == DEFAULT_LEVELS ? "entropy" : "entropy=" + levels;
    }
}
