// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: blocks of arrays and buffers, their bounds, and the heap blocks that buffers are fed through.
 */
package dev.octant.core.internal.block;
