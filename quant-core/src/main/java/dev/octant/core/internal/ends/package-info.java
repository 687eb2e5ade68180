// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: least and largest of floats, and whether all are finite.
 */
package dev.octant.core.internal.ends;
