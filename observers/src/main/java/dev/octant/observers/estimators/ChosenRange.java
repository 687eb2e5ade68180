// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * What an estimator chose for a tensor. Immutable and thread safe.
 *
 * @param input the range of the tensor
 * @param output the range of what the function that reads the tensor makes of it, where it was chosen with the input's
 */
public record ChosenRange(RealRange input, Optional<RealRange> output) {
    public ChosenRange {
        Validate.notNull(input, "input range must be given, was null");
        Validate.notNull(output, "output range must be given or empty, was null");
    }
}
