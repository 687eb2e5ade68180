// SPDX-License-Identifier: Apache-2.0
/** What is learnt of data, and the ranges that follow. */
module dev.octant.observers {
    requires transitive dev.octant.core;
    requires org.apache.commons.lang3;

    exports dev.octant.observers;
    exports dev.octant.observers.engines;
    exports dev.octant.observers.estimators;
}
