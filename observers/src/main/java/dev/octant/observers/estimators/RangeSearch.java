// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;

/**
 * Looks for the range of least cost: all pairs of powers of two first, then in ever smaller steps as long as the cost
 * falls. Deterministic. Of equal costs the wider range wins.
 */
final class RangeSearch {
    /**
     * How far the coarse search goes below min and max. With less than 2^41 values no optimum lies below: halving the
     * range at 2^-23 of max saves each value at most (2^-23 max / 255)^2 / 12, and costs the value at max 2^-23 max^2.
     */
    static final int OCTAVES = 24;

    private static final double FINEST_STEP = 1.0 / 256;

    /** What parameters cost; any larger number than {@code limit} once that is known to be exceeded. */
    @FunctionalInterface
    interface Cost {
        double of(QuantParams params, double limit);
    }

    private final RealRange observed;
    private final QuantType type;
    private final QuantScheme scheme;
    private final Cost cost;
    private double least = Double.POSITIVE_INFINITY;
    private double lowerOctaves;
    private double upperOctaves;

    private RangeSearch(RealRange observed, QuantType type, QuantScheme scheme, Cost cost) {
        this.observed = observed;
        this.type = type;
        this.scheme = scheme;
        this.cost = cost;
    }

    /** The range within {@code observed} that costs least when the scheme turns it into parameters. */
    static RealRange least(RealRange observed, QuantType type, QuantScheme scheme, Cost cost) {
        return new RangeSearch(observed, type, scheme, cost).best();
    }

    private RealRange best() {
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
        return narrowed(observed, lowerOctaves, upperOctaves);
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
        double total = cost.of(scheme.choose(narrowed(observed, lower, upper), type), least);
        if (total >= least) {
            return false;
        }
        least = total;
        lowerOctaves = lower;
        upperOctaves = upper;
        return true;
    }

    /** The range's ends on their own side of zero, each brought this many octaves closer to it. */
    static RealRange narrowed(RealRange range, double lower, double upper) {
        // StrictMath, so that every machine searches the same candidates.
        double min = range.min() < 0 ? range.min() * StrictMath.pow(2, -lower) : range.min();
        double max = range.max() > 0 ? range.max() * StrictMath.pow(2, -upper) : range.max();
        return RealRange.of(Math.min(min, max), Math.max(min, max));
    }
}
