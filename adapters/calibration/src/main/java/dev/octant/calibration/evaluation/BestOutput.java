// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;

/**
 * What a method comes to if it chooses the range of the input alone, and the output has the range of least expected
 * error: so methods whose range is not made for outputs are judged by what they are made for. Immutable and thread
 * safe.
 *
 * @param range the output range
 * @param params scale and zero point of the output
 * @param outputSqnrDb as {@link DataError#outputSqnrDb}
 */
public record BestOutput(RealRange range, QuantParams params, double outputSqnrDb) {
    public BestOutput {
        Given.require("range", range);
        Given.require("params", params);
    }
}
