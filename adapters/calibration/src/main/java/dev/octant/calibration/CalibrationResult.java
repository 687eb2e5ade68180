// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.LeftOut;
import java.util.List;

/**
 * The table of the tensors that could be calibrated, layer5 before layer49, and the others with the reason: without a
 * finite value, or with a range that has no parameters under the policy. Immutable and thread safe.
 *
 * @param table at least one tensor
 * @param leftOut the others, in the same order
 */
public record CalibrationResult(CalibrationTable table, List<LeftOut> leftOut) {
    public CalibrationResult {
        Given.require("table", table);
        Given.require("left out", leftOut);
        leftOut = List.copyOf(leftOut);
    }
}
