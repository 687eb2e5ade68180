// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import org.apache.commons.lang3.Validate;

/**
 * The ranges of the two sides of an activation. Immutable and thread safe.
 *
 * @param input the range of the tensor that goes in
 * @param output the range of the tensor that comes out
 */
public record ConsumerRanges(RealRange input, RealRange output) {
    public ConsumerRanges {
        Validate.notNull(input, "input range must be given, was null");
        Validate.notNull(output, "output range must be given, was null");
    }
}
