// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: two codes to one, for sums, products and gates. A {@link dev.octant.core.internal.pair.PairTable} says
 * what each pair gives; a kernel computes the same faster than by looking it up.
 */
package dev.octant.core.internal.pair;
