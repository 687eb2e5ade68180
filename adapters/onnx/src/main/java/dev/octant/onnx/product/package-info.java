// SPDX-License-Identifier: Apache-2.0
/** ONNX Runtime's matrix product of codes for the layers of {@code dev.octant.layers}, found as a service. */
package dev.octant.onnx.product;
