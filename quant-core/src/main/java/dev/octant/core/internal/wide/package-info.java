// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: the equation with codes of 16 bits. Scalar loops alone: no vector form of them has been written.
 */
package dev.octant.core.internal.wide;
