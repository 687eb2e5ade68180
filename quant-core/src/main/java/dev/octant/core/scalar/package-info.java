// SPDX-License-Identifier: Apache-2.0
/**
 * The scalar types of the field beside the 8-bit codes: their names and sizes, and exact conversions to and from float.
 *
 * <p>{@link dev.octant.core.scalar.ScalarType} lists the types of PyTorch. {@link dev.octant.core.scalar.HalfType},
 * {@link dev.octant.core.scalar.Float8Type} and {@link dev.octant.core.scalar.Int4Type} convert the ones that a model
 * file or a tensor may hold in 16, 8 or 4 bits. Widening is exact; narrowing rounds half to even.
 */
package dev.octant.core.scalar;
