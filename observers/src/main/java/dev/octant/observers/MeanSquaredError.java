package dev.octant.observers;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import org.apache.commons.lang3.Validate;

/**
 * The range of least expected squared error after quantization, rounding and clipping together.
 *
 * <pre>
 * minimise over f, g in (0, 1]:   E = sum over values of (x - dequantize(quantize(x)))^2
 * with the parameters scheme.choose([f * min, g * max], type)
 * </pre>
 *
 * <p>Values are taken as spread evenly over their histogram cell; exact zeros cost nothing. The search tries all pairs of
 * powers of two for f and g, 24 octaves each, then moves in ever smaller steps, down to 2^(1/256), as long as the error
 * falls. Deterministic, and a few milliseconds per summary. Of equal errors the wider range wins.
 *
 * <p>Immutable and thread safe.
 *
 * @param type the grid of codes
 * @param scheme how a candidate range becomes parameters
 */
public record MeanSquaredError(QuantType type, QuantScheme scheme) implements RangeEstimator {
    /**
     * How far the coarse search goes below min and max. With less than 2^41 values no optimum lies below: halving the
     * range at 2^-23 of max saves each value at most (2^-23 max / 255)^2 / 12, and costs the value at max 2^-23 max^2.
     */
    private static final int OCTAVES = 24;

    private static final double FINEST_STEP = 1.0 / 256;

    public MeanSquaredError {
        Validate.notNull(type, "type must be given, was null");
        Validate.notNull(scheme, "scheme must be given, was null");
    }

    @Override
    public RealRange estimate(HistogramSummary summary) {
        RealRange observed = summary.range();
        if (observed.min() == observed.max()) {
            return observed;
        }
        return new Search(new SquaredError(Density.of(summary)), observed).best();
    }

    /** The candidates of one summary, and the best so far. */
    private final class Search {
        private final SquaredError error;
        private final RealRange observed;
        private double least = Double.POSITIVE_INFINITY;
        private double lowerOctaves;
        private double upperOctaves;

        Search(SquaredError error, RealRange observed) {
            this.error = error;
            this.observed = observed;
        }

        RealRange best() {
            int lowerEnd = observed.min() < 0 ? OCTAVES : 0;
            int upperEnd = observed.max() > 0 ? OCTAVES : 0;
            for (int lower = 0; lower <= lowerEnd; lower++) {
                for (int upper = 0; upper <= upperEnd; upper++) {
                    tries(lower, upper);
                }
            }
            for (double step = 0.5; step >= FINEST_STEP; ) {
                if (!triesAround(lowerOctaves, upperOctaves, step)) {
                    step /= 2;
                }
            }
            return candidate(lowerOctaves, upperOctaves);
        }

        private boolean triesAround(double lower, double upper, double step) {
            boolean better = false;
            for (int i = -1; i <= 1; i++) {
                for (int j = -1; j <= 1; j++) {
                    better |= (i != 0 || j != 0) && tries(Math.max(0, lower + i * step), Math.max(0, upper + j * step));
                }
            }
            return better;
        }

        private boolean tries(double lower, double upper) {
            QuantParams params = scheme.choose(candidate(lower, upper), type);
            double total = error.of(params, least);
            if (total >= least) {
                return false;
            }
            least = total;
            lowerOctaves = lower;
            upperOctaves = upper;
            return true;
        }

        /** The observed ends on their own side of zero, each brought this many octaves closer to it. */
        private RealRange candidate(double lower, double upper) {
            // StrictMath, so that every machine searches the same candidates.
            double min = observed.min() < 0 ? observed.min() * StrictMath.pow(2, -lower) : observed.min();
            double max = observed.max() > 0 ? observed.max() * StrictMath.pow(2, -upper) : observed.max();
            return RealRange.of(Math.min(min, max), Math.max(min, max));
        }
    }

    @Override
    public String toString() {
        return "mse";
    }
}
