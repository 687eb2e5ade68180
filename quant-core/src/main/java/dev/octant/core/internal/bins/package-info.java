// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: floats counted in the bins of a histogram, and added up.
 */
package dev.octant.core.internal.bins;
