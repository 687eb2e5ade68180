// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

/**
 * Anything that spans an interval of real values: a range itself, or a summary of observed data. It lets
 * {@link TensorQuantizer#fit} learn from a summary without this module knowing who observed it.
 */
@FunctionalInterface
public interface Ranged {
    /**
     * The interval spanned.
     *
     * @throws IllegalStateException if nothing finite was observed, so that there is no interval
     */
    RealRange range();
}
