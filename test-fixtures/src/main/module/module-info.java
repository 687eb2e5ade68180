// SPDX-License-Identifier: Apache-2.0
/** The oracle and the judges of quantized code. */
module dev.octant.fixtures {
    requires static net.jqwik.api;

    exports dev.octant.fixtures;
}
