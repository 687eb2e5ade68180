// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: the equation, {@link dev.octant.core.internal.affine.Affine}, and the loops that quantize, dequantize and
 * requantize by it.
 */
package dev.octant.core.internal.affine;
