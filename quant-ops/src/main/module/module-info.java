// SPDX-License-Identifier: Apache-2.0
/** Activations, softmax and arithmetic on codes. */
module dev.octant.ops {
    requires transitive dev.octant.core;
    requires org.apache.commons.lang3;

    exports dev.octant.ops;
    exports dev.octant.ops.functions;
}
