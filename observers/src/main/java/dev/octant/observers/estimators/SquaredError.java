// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.internal.text.Given;

/**
 * The total squared error of quantizing a density, in O(cells + levels).
 *
 * <p>A level of value v costs {@code M2 - 2 v M1 + v^2 M0}, with M0, M1, M2 the {@link Moments} of the density between
 * the level's ends.
 */
public final class SquaredError {
    private final Moments moments;

    /** The errors of a density. */
    public SquaredError(Density density) {
        Given.require("density", density);
        moments = Moments.of(density);
    }

    /**
     * The total squared error under the parameters, or any larger number than {@code limit} once it is known to exceed
     * that.
     */
    public double of(QuantParams params, double limit) {
        Given.require("params", params);
        double scale = params.scale();
        int low = params.type().low() - params.zeroPoint();
        int high = params.type().high() - params.zeroPoint();

        // The outermost levels first: their clipping decides most hopeless candidates.
        double total = above((high - 0.5) * scale, high * scale) + below((low + 0.5) * scale, low * scale);

        double end = (low + 0.5) * scale;
        int cell = moments.at(end);
        double m0 = moments.upTo(cell, end, 0);
        double m1 = moments.upTo(cell, end, 1);
        double m2 = moments.upTo(cell, end, 2);
        for (int level = low + 1; level < high && total < limit; level++) {
            end = (level + 0.5) * scale;
            cell = moments.atOrAfter(cell, end);
            double n0 = moments.upTo(cell, end, 0);
            double n1 = moments.upTo(cell, end, 1);
            double n2 = moments.upTo(cell, end, 2);
            total += Moments.cost(level * scale, n0 - m0, n1 - m1, n2 - m2);
            m0 = n0;
            m1 = n1;
            m2 = n2;
        }
        return total;
    }

    /** The part of the total that comes from values more than half a step beyond the outermost levels. */
    double ofClipped(QuantParams params) {
        double scale = params.scale();
        int low = params.type().low() - params.zeroPoint();
        int high = params.type().high() - params.zeroPoint();
        return above((high + 0.5) * scale, high * scale) + below((low - 0.5) * scale, low * scale);
    }

    /** How many values lie more than half a step beyond the outermost levels. */
    double clipped(QuantParams params) {
        double lower = (params.type().low() - params.zeroPoint() - 0.5) * params.scale();
        double upper = (params.type().high() - params.zeroPoint() + 0.5) * params.scale();
        double inside = moments.below(moments.at(upper), upper, 0) - moments.below(moments.at(lower), lower, 0);
        return Math.max(0, moments.end(0) - moments.start(0) - inside);
    }

    /** What all values after {@code end} cost when they become {@code value}. */
    private double above(double end, double value) {
        int cell = moments.at(end);
        return Moments.cost(
                value, moments.above(cell, end, 0), moments.above(cell, end, 1), moments.above(cell, end, 2));
    }

    /** What all values before {@code end} cost when they become {@code value}. */
    private double below(double end, double value) {
        int cell = moments.at(end);
        return Moments.cost(
                value, moments.below(cell, end, 0), moments.below(cell, end, 1), moments.below(cell, end, 2));
    }
}
