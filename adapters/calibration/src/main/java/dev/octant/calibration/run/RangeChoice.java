// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.RealRange;

/**
 * Decides the range of each tensor: a run asks it only to tell whether ranges still move.
 *
 * <p>{@code toString} names it with all its parameters, type and scheme: a run goes on only for the choice it began
 * for. Stateless and thread safe.
 */
public interface RangeChoice {
    /**
     * The range for what was observed of a tensor.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    RealRange range(String tensor, TensorSummary summary);
}
