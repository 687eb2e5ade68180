// SPDX-License-Identifier: Apache-2.0
/**
 * Ops on 8-bit codes.
 *
 * <p>An {@link dev.octant.ops.Activation} is a function and its natural output range; {@link
 * dev.octant.ops.ActivationKind} lists those of the field. Between an input and an output grid it becomes a {@link
 * dev.octant.ops.QuantizedActivation}, which holds the {@link dev.octant.ops.LookupTable} that is the one hot loop. The
 * formulas stand in {@link dev.octant.ops.functions.ActivationFunctions}; {@link dev.octant.ops.HalfActivation} is the
 * same function on float16 and bfloat16.
 *
 * <p>Beside them: {@link dev.octant.ops.QuantizedBinary} adds, multiplies and gates two tensors, {@link
 * dev.octant.ops.QuantizedSoftmax} works on rows, {@link dev.octant.ops.QuantizedPrelu} has a tensor of slopes, and
 * {@link dev.octant.ops.Requantizer} brings sums of products back to 8 bits. Each computes as the {@link
 * dev.octant.core.Profile} says that it is given.
 */
package dev.octant.ops;
