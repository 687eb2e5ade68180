// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: rules by which engines add and multiply codes, and the loop that runs them.
 */
package dev.octant.ops.internal.binary;
