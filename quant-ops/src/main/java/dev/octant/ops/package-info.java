// SPDX-License-Identifier: Apache-2.0
/**
 * Activation functions on 8-bit codes.
 *
 * <p>An {@link dev.octant.ops.Activation} is a function and its natural output range. Between an input and an output
 * grid it becomes a {@link dev.octant.ops.QuantizedActivation}, which holds the {@link dev.octant.ops.LookupTable}
 * that is the one hot loop. The formulas stand in {@link dev.octant.ops.functions.ActivationFunctions}.
 */
package dev.octant.ops;
