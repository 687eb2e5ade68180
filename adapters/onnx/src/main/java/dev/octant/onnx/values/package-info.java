// SPDX-License-Identifier: Apache-2.0
/** What models and their tensors are: plain values, which say nothing of files or of ONNX Runtime. */
package dev.octant.onnx.values;
