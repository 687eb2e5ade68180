// SPDX-License-Identifier: Apache-2.0
/** ONNX Runtime as a peer: models of a node or three, made in memory, and their runs. */
package dev.octant.benchmarks.onnx;
