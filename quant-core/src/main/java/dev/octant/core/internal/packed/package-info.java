// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: codes narrower than a byte, packed and unpacked.
 */
package dev.octant.core.internal.packed;
