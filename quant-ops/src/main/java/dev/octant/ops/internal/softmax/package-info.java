// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: rules by which engines compute the softmax of a row of codes.
 */
package dev.octant.ops.internal.softmax;
