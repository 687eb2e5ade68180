// SPDX-License-Identifier: Apache-2.0
/** Parameters, quantizers, tables and the kernels behind them. */
module dev.octant.core {
    requires java.management;
    requires static jdk.incubator.vector;
    requires org.apache.commons.lang3;

    exports dev.octant.core;
    exports dev.octant.core.scalar;
    exports dev.octant.core.internal to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.affine to dev.octant.ops;
    exports dev.octant.core.internal.bins to dev.octant.observers;
    exports dev.octant.core.internal.block to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.ends to dev.octant.observers;
    exports dev.octant.core.internal.fake to dev.octant.layers;
    exports dev.octant.core.internal.pair to dev.octant.ops;
    exports dev.octant.core.internal.product to dev.octant.layers;
    exports dev.octant.core.internal.softmax to dev.octant.ops;
    exports dev.octant.core.internal.table to dev.octant.ops;
    exports dev.octant.core.internal.text to
            dev.octant.ops,
            dev.octant.observers,
            dev.octant.layers,
            dev.octant.formats,
            dev.octant.calibration,
            dev.octant.cli;
}
