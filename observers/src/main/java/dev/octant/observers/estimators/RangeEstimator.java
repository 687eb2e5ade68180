package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.observers.HistogramSummary;

/**
 * Decides which range of the observed values the codes should span.
 *
 * <p>A pure function: the same summary gives the same range. Estimators are records that carry their own parameters, and
 * their {@code toString} is the name used in tables and on the command line: {@code minmax}, {@code percentile=99.99},
 * {@code entropy}, {@code mse}, {@code saturation=3}.
 *
 * <p>The range lies within the observed {@code [min, max]}, except that of {@link AbsMax} and {@link Fixed}. Constant,
 * all-zero, one-sided and subnormal data are ordinary input. Stateless and thread safe.
 */
@FunctionalInterface
public interface RangeEstimator {
    /**
     * The range for what was observed.
     *
     * @throws IllegalStateException if no finite value was observed, but for {@link Fixed}, which needs none
     */
    RealRange estimate(HistogramSummary summary);
}
