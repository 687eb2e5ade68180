// SPDX-License-Identifier: Apache-2.0
/** What tasks do with a model of ONNX. Nothing else here needs octant-onnx. Enter by {@code ModelScan}. */
package dev.octant.spark.internal.models;
