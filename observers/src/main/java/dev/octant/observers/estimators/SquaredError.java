// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.internal.text.Given;

/**
 * The total squared error of quantizing a density, in O(cells + levels).
 *
 * <p>A level of value v costs {@code M2 - 2 v M1 + v^2 M0}, with M0, M1, M2 the moments of the density between the
 * level's ends, taken from running sums. The sums start at zero and run outward both ways, so that large values at
 * the ends do not drown the small ones near zero.
 */
public final class SquaredError {
    private final Density density;
    private final double[][] running = new double[3][];

    /** The errors of a density. */
    public SquaredError(Density density) {
        Given.require("density", density);
        this.density = density;
        int cells = density.cells();
        int zero = density.at(0) + 1;
        for (int power = 0; power < 3; power++) {
            double[] sums = new double[cells + 1];
            for (int i = zero; i < cells; i++) {
                sums[i + 1] = sums[i] + moment(i, density.right(i), power);
            }
            for (int i = zero - 1; i >= 0; i--) {
                sums[i] = sums[i + 1] - moment(i, density.right(i), power);
            }
            running[power] = sums;
        }
    }

    /** The integral of density * x^power over a cell from its left end to {@code x}. */
    private double moment(int cell, double x, int power) {
        double left = density.left(cell);
        double right = density.right(cell);
        double share = right > left ? density.count(cell) * ((x - left) / (right - left)) : density.count(cell);
        return switch (power) {
            case 0 -> share;
            case 1 -> share * (left + x) / 2;
            default -> share * (left * left + left * x + x * x) / 3;
        };
    }

    /**
     * The running sum up to {@code x}, which lies at or after the begin of {@code cell} and before that of the next.
     */
    private double upTo(int cell, double x, int power) {
        return cell < 0
                ? running[power][0]
                : x >= density.right(cell) ? running[power][cell + 1] : running[power][cell] + moment(cell, x, power);
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
        int cells = density.cells();

        // The outermost levels first: their clipping decides most hopeless candidates.
        double total = above((high - 0.5) * scale, high * scale) + below((low + 0.5) * scale, low * scale);

        double end = (low + 0.5) * scale;
        int cell = density.at(end);
        double m0 = upTo(cell, end, 0);
        double m1 = upTo(cell, end, 1);
        double m2 = upTo(cell, end, 2);
        for (int level = low + 1; level < high && total < limit; level++) {
            end = (level + 0.5) * scale;
            while (cell + 1 < cells && density.left(cell + 1) <= end) {
                cell++;
            }
            double n0 = upTo(cell, end, 0);
            double n1 = upTo(cell, end, 1);
            double n2 = upTo(cell, end, 2);
            total += cost(level * scale, n0 - m0, n1 - m1, n2 - m2);
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
        double inside = upTo(density.at(upper), upper, 0) - upTo(density.at(lower), lower, 0);
        return Math.max(0, running[0][density.cells()] - running[0][0] - inside);
    }

    /** What all values after {@code end} cost when they become {@code value}. */
    private double above(double end, double value) {
        int cell = density.at(end);
        int cells = density.cells();
        return cost(
                value,
                running[0][cells] - upTo(cell, end, 0),
                running[1][cells] - upTo(cell, end, 1),
                running[2][cells] - upTo(cell, end, 2));
    }

    /** What all values before {@code end} cost when they become {@code value}. */
    private double below(double end, double value) {
        int cell = density.at(end);
        return cost(
                value,
                upTo(cell, end, 0) - running[0][0],
                upTo(cell, end, 1) - running[1][0],
                upTo(cell, end, 2) - running[2][0]);
    }

    /** Never negative, however the differences round. */
    private static double cost(double value, double m0, double m1, double m2) {
        return Math.max(0, m2 - 2 * value * m1 + value * value * m0);
    }
}
