// SPDX-License-Identifier: Apache-2.0
/** Quantizers that train, and int8 layers. */
module dev.octant.layers {
    requires transitive dev.octant.observers;
    requires transitive dev.octant.ops;
    requires org.apache.commons.lang3;

    exports dev.octant.layers;
    exports dev.octant.layers.train;

    uses dev.octant.layers.MatrixProduct;
}
