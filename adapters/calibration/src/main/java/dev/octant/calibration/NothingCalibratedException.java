// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.tensor.LeftOut;
import java.util.ArrayList;
import java.util.List;

/** No tensor could be calibrated; the message names each with its reason. */
public final class NothingCalibratedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final transient List<LeftOut> leftOut;

    NothingCalibratedException(List<LeftOut> leftOut) {
        super(LeftOut.nothingLeft(leftOut));
        this.leftOut = List.copyOf(leftOut);
    }

    /** The same where more was left out before, as of data of other types that were not read. */
    public NothingCalibratedException after(List<LeftOut> more) {
        Given.require("more", more);
        List<LeftOut> all = new ArrayList<>(more);
        if (leftOut != null) {
            all.addAll(leftOut);
        }
        return new NothingCalibratedException(all);
    }
}
