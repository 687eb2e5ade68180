// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: products of matrices of codes, exact, and what brings their sums to an 8-bit grid.
 */
package dev.octant.core.internal.product;
