// SPDX-License-Identifier: Apache-2.0
/** Rows that models are fed with: of files of arrays, and of images. */
package dev.octant.onnx.internal.data;
