// SPDX-License-Identifier: Apache-2.0
/**
 * Files of models: {@link dev.octant.onnx.internal.file.ModelReader}, {@link
 * dev.octant.onnx.internal.file.ModelWriter}.
 */
package dev.octant.onnx.internal.file;
