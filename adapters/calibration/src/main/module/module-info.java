// SPDX-License-Identifier: Apache-2.0
/** Calibration of files by any method, and its evaluation. */
module dev.octant.calibration {
    requires transitive dev.octant.formats;
    requires org.apache.commons.lang3;

    exports dev.octant.calibration;
    exports dev.octant.calibration.evaluation;
    exports dev.octant.calibration.methods;
    exports dev.octant.calibration.run;
}
