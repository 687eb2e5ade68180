// SPDX-License-Identifier: Apache-2.0
/** Parameters, quantizers, tables and the kernels behind them. */
module dev.octant.core {
    requires java.management;
    requires org.apache.commons.lang3;

    exports dev.octant.core;
    exports dev.octant.core.scalar;

    // For the other modules of the project alone.
    exports dev.octant.core.internal to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.affine to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.bins to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.block to
            dev.octant.ops,
            dev.octant.observers,
            dev.octant.layers,
            dev.octant.calibration;
    exports dev.octant.core.internal.channel to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.choice to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.ends to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.errors to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.fake to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.half to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.mask to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.packed to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.pair to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.product to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.softmax to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.table to dev.octant.ops, dev.octant.observers, dev.octant.layers;
    exports dev.octant.core.internal.text to
            dev.octant.ops,
            dev.octant.observers,
            dev.octant.layers,
            dev.octant.formats,
            dev.octant.calibration,
            dev.octant.cli;
    exports dev.octant.core.internal.wide to dev.octant.ops, dev.octant.observers, dev.octant.layers;
}
