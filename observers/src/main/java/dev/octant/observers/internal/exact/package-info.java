// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: sums of floats without rounding.
 */
package dev.octant.observers.internal.exact;
