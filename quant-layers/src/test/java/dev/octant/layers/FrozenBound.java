// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantParams;

/**
 * How far a frozen layer may be from the layer it was trained as; with u = 2^-24 and A the sum of |qx qw|:
 *
 * <pre>
 * trained   qx and qw one rounding each, the sum in double, y one:        2 u A + u |y|
 * frozen    the sum to float, the multiplier, product and sum:            3 u A + u |x|
 * |y|, |x| at most A + |bias|, so |x - y| is at most u (7 A + 2 |bias|) and terms of u^2
 * </pre>
 *
 * which is below {@code 2^-21 (A + |bias|)}. A code then differs only next to a tie.
 */
final class FrozenBound {
    /** Of a float's rounding. */
    static final double UNIT = 0x1p-24;

    private FrozenBound() {}

    /** How far the values before the activation are from each other. */
    static double between(float[] qx, int row, float[] qw, int output, int inputs, float bias) {
        double sum = Math.abs(bias);
        for (int k = 0; k < inputs; k++) {
            sum += Math.abs((double) qx[row * inputs + k] * qw[output * inputs + k]);
        }
        return 0x1p-21 * sum;
    }

    /** The most by which codes of values that are {@code apart} may differ: 0 unless a tie is as near. */
    static int codes(double value, double apart, QuantParams grid) {
        double steps = value / grid.scale();
        // The float quotient of the trained value is one rounding more.
        double reach = apart / grid.scale() + UNIT * Math.abs(steps);
        double toTie = 0.5 - Math.abs(steps - Math.rint(steps));
        return toTie > reach ? 0 : 1 + (int) (reach - toTie);
    }
}
