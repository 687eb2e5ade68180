// SPDX-License-Identifier: Apache-2.0
/** ONNX Runtime, and nowhere else: nothing outside this package names its classes. */
package dev.octant.onnx.internal.run;
