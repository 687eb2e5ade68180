// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

/**
 * A mean squared error in its two parts, in squares of real values.
 *
 * @param rounding what values inside the range contribute
 * @param clipping what values outside it contribute
 */
public record SplitError(double rounding, double clipping) {
    /** Both together. */
    public double total() {
        return rounding + clipping;
    }
}
