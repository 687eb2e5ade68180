// SPDX-License-Identifier: Apache-2.0
/** What an int8 model does with the values and the nodes of its float one. */
package dev.octant.onnx.internal.evaluate;
