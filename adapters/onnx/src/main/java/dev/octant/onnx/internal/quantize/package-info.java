// SPDX-License-Identifier: Apache-2.0
/**
 * From a float graph to an int8 one: a placement marks values in a {@link
 * dev.octant.onnx.internal.quantize.QuantizationPlan}, activations are watched, parameters chosen, pairs written.
 */
package dev.octant.onnx.internal.quantize;
