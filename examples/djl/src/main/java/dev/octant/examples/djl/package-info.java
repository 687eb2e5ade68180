// SPDX-License-Identifier: Apache-2.0
/**
 * An example: training inside DJL (Deep Java Library) with Octant's quantizers.
 *
 * <p>DJL has no operator of one's own with a gradient of one's own; {@link dev.octant.examples.djl.FakeQuantize} builds
 * one from stopped gradients. {@link dev.octant.examples.djl.DigitsTraining} trains with it: begin there.
 */
package dev.octant.examples.djl;
