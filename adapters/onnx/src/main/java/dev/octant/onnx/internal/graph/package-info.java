// SPDX-License-Identifier: Apache-2.0
/** The graph of a model: what it is, who reads what, and changes that leave its results as they are. */
package dev.octant.onnx.internal.graph;
