// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: floats replaced by what a grid holds in their place, and the gradients of that.
 */
package dev.octant.core.internal.fake;
