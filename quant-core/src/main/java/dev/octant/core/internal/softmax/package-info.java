// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: what a softmax of codes needs of a row: its largest code, and the sum of weights looked up by distance
 * from it.
 */
package dev.octant.core.internal.softmax;
