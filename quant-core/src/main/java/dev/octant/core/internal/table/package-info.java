// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: bytes through a table of 256.
 */
package dev.octant.core.internal.table;
