// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: which values keep their place on a grid, and which are clipped to its ends.
 */
package dev.octant.core.internal.mask;
