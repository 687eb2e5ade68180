// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: floats to and from 16 bits and fewer.
 */
package dev.octant.core.internal.half;
