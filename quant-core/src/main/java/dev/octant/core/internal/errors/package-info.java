// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: sums of squared values and errors, the same for any width of vector.
 */
package dev.octant.core.internal.errors;
