// SPDX-License-Identifier: Apache-2.0
/**
 * Layers of 8-bit networks: matrix products and convolutions of codes, and the float layers they are trained as.
 *
 * <p>What trains is in {@link dev.octant.layers.train}.
 */
package dev.octant.layers;
