// SPDX-License-Identifier: Apache-2.0
/** Files of tensors and of calibration tables. */
module dev.octant.formats {
    requires transitive dev.octant.observers;
    requires transitive dev.octant.ops;
    requires de.siegmar.fastcsv;
    requires flatbuffers.java;
    requires org.apache.commons.lang3;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports dev.octant.formats;
    exports dev.octant.formats.calibration;
    exports dev.octant.formats.tensor;

    uses dev.octant.formats.tensor.TensorFormat;
}
