// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

/** Where the errors of an evaluation come from. */
public enum Evidence {
    /** Every value of the data went through the tables. */
    MEASURED,

    /** From the histogram alone: values are taken as spread evenly over their bin. */
    EXPECTED
}
