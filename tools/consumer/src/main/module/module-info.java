// SPDX-License-Identifier: Apache-2.0
/** A program that uses Octant as modules. */
module consumer {
    requires dev.octant.calibration;
    requires dev.octant.fixtures;
    requires dev.octant.layers;
    requires dev.octant.onnx;
    requires dev.octant.formats.parquet;
}
